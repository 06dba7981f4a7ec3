package io.nova.shard.log;

import io.nova.shard.fingerprint.PackedWitnesses;
import io.nova.shard.fingerprint.Witness;
import io.nova.shard.fingerprint.WitnessList;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the rows of an open block, by their index in it: of those in the tail as a
 * list (32 bytes a row), of those in full segments packed (some 16 bytes a row). Nothing is kept
 * while there is nothing to remember. Not thread safe.
 */
public final class RowWitnesses {
  private final List<Part> full = new ArrayList<>();
  private WitnessList tail;

  /**
   * Rows of a full segment.
   *
   * @param from the first one's index
   * @param rows how many there are
   * @param witnesses what is remembered of them; null for nothing
   */
  private record Part(int from, int rows, @Nullable PackedWitnesses witnesses) {}

  /**
   * Of no rows.
   *
   * @param expected of so many in the tail something may be remembered before its list grows
   */
  public RowWitnesses(int expected) {
    tail = new WitnessList(expected);
  }

  /** The heap that they take. */
  public long heapBytes() {
    long bytes = tail.heapBytes();
    for (Part part : full) {
      bytes += part.witnesses() == null ? 0 : part.witnesses().bytes();
    }
    return bytes;
  }

  /** How many rows the last tail came to that was closed; those of the tail where none was. */
  public int lastTailRows() {
    return full.isEmpty() ? tail.size() : full.get(full.size() - 1).rows();
  }

  /** How many rows the tail has. */
  public int tailRows() {
    return tail.size();
  }

  /** Notes that the tail has a row more; null where nothing is remembered of it. */
  public void add(@Nullable Witness witness) {
    tail.add(witness);
  }

  /** What is remembered of the rows of the tail; null for nothing. */
  public @Nullable PackedWitnesses packedTail() {
    return tail.any() ? PackedWitnesses.of(tail) : null;
  }

  /** Whether something is remembered of each row of the tail. */
  public boolean tailIsKnown() {
    return tail.all();
  }

  /**
   * Notes that the rows of the tail are a full segment now.
   *
   * @param packed the {@link #packedTail}
   */
  public void closeTail(@Nullable PackedWitnesses packed) {
    full.add(new Part(fullRows(), tail.size(), packed));
    tail = new WitnessList(tail.size());
  }

  /** Notes the rows of a full segment, while the tail is empty. */
  public void addFull(WitnessList witnesses) {
    tail = witnesses;
    closeTail(packedTail());
  }

  private int fullRows() {
    if (full.isEmpty()) {
      return 0;
    }
    Part last = full.get(full.size() - 1);
    return last.from() + last.rows();
  }

  /** What is remembered of a row; null for nothing. */
  public @Nullable Witness get(int index) {
    int inTail = index - fullRows();
    if (inTail >= 0) {
      return tail.get(inTail);
    }
    int number = full.size() - 1;
    while (full.get(number).from() > index) {
      number--;
    }
    Part part = full.get(number);
    return part.witnesses() == null ? null : part.witnesses().get(index - part.from());
  }

  /** What is remembered of all rows, in their order; not to be changed. */
  public WitnessList all() {
    if (full.isEmpty()) {
      return tail;
    }
    WitnessList all = new WitnessList();
    for (Part part : full) {
      if (part.witnesses() == null) {
        all.addUnknown(part.rows());
      } else {
        all.addAll(part.witnesses(), part.rows());
      }
    }
    all.addAll(tail);
    return all;
  }
}
