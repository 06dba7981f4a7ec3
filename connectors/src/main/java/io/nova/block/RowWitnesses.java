package io.nova.block;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the rows of an open block, by their index in it: of those in the tail it
 * stands in the tail, and an int says where (4 bytes a row); of those in full segments it is packed
 * (some 16 bytes a row). Nothing is kept while there is nothing to remember. Not thread safe.
 */
final class RowWitnesses {
  private static final int LEAST_ROWS = 10;

  private final List<Part> full = new ArrayList<>();

  /**
   * Of each row of the tail where in it its witness begins; {@link Segment#NO_WITNESS} without one.
   */
  private int[] places = {};

  private int tailRows;

  /**
   * Rows of a full segment.
   *
   * @param from the first one's index
   * @param rows how many there are
   * @param witnesses what is remembered of them; null for nothing
   */
  private record Part(int from, int rows, @Nullable PackedWitnesses witnesses) {}

  /** The heap that they take. */
  long heapBytes() {
    long bytes = Integer.BYTES * (long) places.length;
    for (Part part : full) {
      bytes += part.witnesses() == null ? 0 : part.witnesses().end();
    }
    return bytes;
  }

  /** Notes that the tail has a row, of which nothing is remembered. */
  void addUnknown() {
    tailRows++;
  }

  /** Notes that the tail has a row, whose witness begins at this byte of it. */
  void add(int place) {
    if (places.length <= tailRows) {
      places = Arrays.copyOf(places, Math.max(LEAST_ROWS, tailRows + tailRows / 2 + 1));
    }
    places[tailRows++] = place;
  }

  /** Notes that the rows of the tail are a full segment now. */
  void closeTail(byte[] tail) {
    WitnessList witnesses = new WitnessList();
    addTail(witnesses, tail);
    addFull(witnesses);
    tailRows = 0;
    Arrays.fill(places, Segment.NO_WITNESS);
  }

  /** Notes the rows of a full segment, while the tail is empty. */
  void addFull(WitnessList witnesses) {
    PackedWitnesses packed = witnesses.any() ? PackedWitnesses.of(witnesses) : null;
    full.add(new Part(fullRows(), witnesses.size(), packed));
  }

  private int fullRows() {
    if (full.isEmpty()) {
      return 0;
    }
    Part last = full.get(full.size() - 1);
    return last.from() + last.rows();
  }

  /**
   * What is remembered of a row; null for nothing.
   *
   * @param tail the tail as it is now
   */
  @Nullable Witness get(int index, byte[] tail) {
    int inTail = index - fullRows();
    if (inTail >= 0) {
      return inTail(inTail, tail);
    }
    int number = full.size() - 1;
    while (full.get(number).from() > index) {
      number--;
    }
    Part part = full.get(number);
    return part.witnesses() == null ? null : part.witnesses().get(index - part.from());
  }

  private @Nullable Witness inTail(int row, byte[] tail) {
    return row < places.length ? Segment.witness(tail, places[row]) : null;
  }

  /** What is remembered of all rows, in their order. */
  WitnessList all(byte[] tail) {
    WitnessList all = new WitnessList();
    for (Part part : full) {
      if (part.witnesses() == null) {
        all.addUnknown(part.rows());
      } else {
        for (int row = 0; row < part.rows(); row++) {
          all.add(part.witnesses().get(row));
        }
      }
    }
    addTail(all, tail);
    return all;
  }

  private void addTail(WitnessList witnesses, byte[] tail) {
    for (int row = 0; row < tailRows; row++) {
      witnesses.add(inTail(row, tail));
    }
  }
}
