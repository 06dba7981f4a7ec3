package io.nova.chunk;

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

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 20);
  private final List<Row> rows = new ArrayList<>();

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

  byte[] bytes() {
    return bytes.toByteArray();
  }

  void clear() {
    bytes.reset();
    rows.clear();
  }
}
