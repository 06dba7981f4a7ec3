package io.nova.console.ask;

import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.duckdb.DuckDBAppender;
import org.jspecify.annotations.Nullable;

/** Plain values as DuckDB's. */
public final class AppendedValues {
  private AppendedValues() {}

  /**
   * Appends a value of a row: null, Long, Integer, Boolean, Instant, byte[], or a text.
   *
   * @throws SQLException if DuckDB does not take it
   */
  public static void append(DuckDBAppender out, @Nullable Object value) throws SQLException {
    if (value == null) {
      out.appendNull();
    } else if (value instanceof Long number) {
      out.append((long) number);
    } else if (value instanceof Integer number) {
      out.append((int) number);
    } else if (value instanceof Boolean flag) {
      out.append((boolean) flag);
    } else if (value instanceof Instant time) {
      out.appendEpochMicros(ChronoUnit.MICROS.between(Instant.EPOCH, time));
    } else if (value instanceof byte[] bytes) {
      out.append(bytes);
    } else {
      out.append(value.toString());
    }
  }
}
