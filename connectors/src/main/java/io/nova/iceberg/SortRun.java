package io.nova.iceberg;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Encoded rows that fit in memory together, to be read back in the order of app, event type and
 * event time, by which queries filter most.
 */
final class SortRun {
  private static final Comparator<Row> ORDER =
      Comparator.comparingLong(Row::app)
          .thenComparing(Row::eventType)
          .thenComparingLong(Row::eventMicros);

  private final Bytes bytes = new Bytes();
  private final List<Row> rows = new ArrayList<>();

  /** Shows its array: a copy of megabytes for each run would have G1 mark the heap each time. */
  private static final class Bytes extends ByteArrayOutputStream {
    Bytes() {
      super(1 << 20);
    }

    byte[] array() {
      return buf;
    }
  }

  /**
   * The key of a row, and where its bytes are.
   *
   * @param app its app
   * @param eventType its event type, empty where it has none
   * @param eventMicros its event time, the least where it has none
   */
  record Row(long app, String eventType, long eventMicros, int start, int length) {}

  void add(long app, String eventType, long eventMicros, byte[] source, int offset, int length) {
    rows.add(new Row(app, eventType, eventMicros, bytes.size(), length));
    bytes.write(source, offset, length);
  }

  /** Bytes of all rows. */
  int sizeBytes() {
    return bytes.size();
  }

  /** The rows in order; their positions are in {@link #bytes()}. */
  List<Row> sorted() {
    rows.sort(ORDER);
    return rows;
  }

  /** An array that holds the rows, until the next is added. */
  byte[] bytes() {
    return bytes.array();
  }

  void clear() {
    bytes.reset();
    rows.clear();
  }
}
