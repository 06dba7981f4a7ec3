package io.nova.iceberg;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A run of encoded rows in memory, sorted by app, event type and event time: the columns that most
 * queries filter by.
 *
 * <p>Not thread safe.
 */
final class SortRun {
  private static final Comparator<Row> ORDER =
      Comparator.comparingLong(Row::app)
          .thenComparing(Row::eventType)
          .thenComparingLong(Row::eventMicros);

  private final Bytes bytes = new Bytes();
  private final List<Row> rows = new ArrayList<>();

  /** Exposes its array: copying megabytes for each run would make G1 mark the heap each time. */
  private static final class Bytes extends ByteArrayOutputStream {
    Bytes() {
      super(1 << 20);
    }

    byte[] array() {
      return buf;
    }
  }

  /**
   * The sort key of a row and the place of its bytes.
   *
   * @param app the app
   * @param eventType the event type, empty if the row has none
   * @param eventMicros the event time, the smallest long if the row has none
   * @param start index of the first byte in {@link #bytes()}
   * @param length number of bytes
   */
  record Row(long app, String eventType, long eventMicros, int start, int length) {}

  void add(long app, String eventType, long eventMicros, byte[] source, int offset, int length) {
    rows.add(new Row(app, eventType, eventMicros, bytes.size(), length));
    bytes.write(source, offset, length);
  }

  /** The size of all rows. */
  int sizeBytes() {
    return bytes.size();
  }

  /** The rows in order. */
  List<Row> sorted() {
    rows.sort(ORDER);
    return rows;
  }

  /** The array with the rows, valid until the next row is added. */
  byte[] bytes() {
    return bytes.array();
  }

  void clear() {
    bytes.reset();
    rows.clear();
  }
}
