package io.nova.bench.event;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The rows that the events must become, computed by DuckDB from their numbers. Nothing of the sent
 * messages is read.
 */
public final class ExpectedRows {
  /** The functions that {@link #select} uses. */
  public static final List<String> MACROS =
      List.of(
          "CREATE MACRO spread1(n, salt) AS (n * 2654435761 + salt * "
              + BenchEvent.SALT
              + ") % 4294967296",
          "CREATE MACRO spread2(a) AS xor(a, a >> 15) * 1540483477 % 4294967296",
          "CREATE MACRO mix(n, salt) AS"
              + " xor(spread2(spread1(n, salt)), spread2(spread1(n, salt)) >> 13)",
          "CREATE MACRO dashed(h) AS concat_ws('-', h[1:8], h[9:12], h[13:16], h[17:20], h[21:32])",
          "CREATE MACRO uuid_of(n, salt) AS dashed(printf('%08x%08x%08x%08x',"
              + " mix(n, salt), mix(n, salt + 1), mix(n, salt + 2), mix(n, salt + 3)))",
          "CREATE MACRO visit(n) AS n // 512 * 64 + mix(n, 5) % 64",
          "CREATE MACRO ago(n) AS mix(n, 14) % 120 * 1000000 + mix(n, 15) % 1000000");

  private ExpectedRows() {}

  /** A query of all columns of all events, one row an event. */
  public static String select(BenchEvents events) {
    return "SELECT %s FROM (SELECT *, least(mix(u, 13) %% 8, mix(u, 16) %% 8) AS c FROM (SELECT n, mix(visit(n), 6) %% %d AS u, %s AS t, (%s) // 1000 AS s FROM range(%d, %d) AS numbers(n)))"
        .formatted(
            BenchColumn.ALL.stream()
                .map(column -> cast(column, column.expected()))
                .collect(Collectors.joining(", ")),
            BenchEvent.USERS,
            events.uploadSql("n"),
            events.uploadSql("(n // 512 * 512)"),
            events.first(),
            events.first() + events.events());
  }

  /** A query of the same columns of some files or of a table. */
  public static String stored(String from) {
    return BenchColumn.ALL.stream()
        .map(column -> cast(column, column.stored()))
        .collect(Collectors.joining(", ", "SELECT ", " FROM " + from));
  }

  private static String cast(BenchColumn column, String value) {
    String type = column.type().equals("STRING") ? "VARCHAR" : "BIGINT";
    return "CAST(%s AS %s) AS %s".formatted(value, type, column.name());
  }
}
