package io.nova.iceberg;

import io.nova.event.Micros;
import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import io.nova.event.row.RowFormat;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.parquet.io.api.Binary;

/**
 * A run of encoded rows in memory, sorted by app, event type and event time: the columns that most
 * queries filter by.
 *
 * <p>Not thread safe.
 */
final class SortRun {
  private static final int APP = EventSchema.position("app");
  private static final int EVENT_TYPE = EventSchema.position("event_type");
  private static final int EVENT_TIME = EventSchema.position("event_time");

  private final Bytes bytes = new Bytes();
  private final List<Row> rows = new ArrayList<>();

  /** The event types and their numbers, in the order of first use. */
  private final Map<Binary, Integer> types = new HashMap<>();

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
   * @param type the number of its event type in {@link #types}
   * @param eventMicros the event time, {@link Micros#UNKNOWN} if the row has none
   * @param start index of the first byte in {@link #bytes()}
   */
  record Row(long app, int type, long eventMicros, int start) {}

  /** Adds a copy of the row at which the cursor is. */
  void add(RowCursor row) {
    int start = bytes.size();
    bytes.write(row.bytes(), row.start(0), row.sizeBytes());
    rows.add(new Row(number(row, APP), type(row), number(row, EVENT_TIME), start));
  }

  private int type(RowCursor row) {
    int start = textStart(row, EVENT_TYPE);
    Binary type = Binary.fromReusedByteArray(row.bytes(), start, row.end(EVENT_TYPE) - start);
    Integer known = types.get(type);
    if (known == null) {
      known = types.size();
      types.put(type.copy(), known);
    }
    return known;
  }

  private static long number(RowCursor row, int column) {
    int value = RowFormat.value(row.bytes(), column, row.start(column));
    return value < 0 ? Micros.UNKNOWN : RowFormat.number(row.bytes(), value);
  }

  /** Where a string begins; the end of the column if it is absent. */
  private static int textStart(RowCursor row, int column) {
    int value = RowFormat.value(row.bytes(), column, row.start(column));
    return value < 0 ? row.end(column) : RowFormat.text(row.bytes(), value);
  }

  /** The size of all rows. */
  int sizeBytes() {
    return bytes.size();
  }

  /** The rows in order. */
  List<Row> sorted() {
    int[] ranks = ranks();
    rows.sort(
        Comparator.comparingLong(Row::app)
            .thenComparingInt(row -> ranks[row.type])
            .thenComparingLong(Row::eventMicros));
    return rows;
  }

  /** By number, the place of an event type in their order. */
  private int[] ranks() {
    int[] ranks = new int[types.size()];
    int rank = 0;
    for (Binary type : types.keySet().stream().sorted().toList()) {
      ranks[Objects.requireNonNull(types.get(type))] = rank++;
    }
    return ranks;
  }

  /** The array with the rows, valid until the next row is added. */
  byte[] bytes() {
    return bytes.array();
  }

  void clear() {
    bytes.reset();
    rows.clear();
    types.clear();
  }
}
