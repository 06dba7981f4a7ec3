package io.nova.bench.measure;

import io.nova.bench.event.BenchColumn;
import io.nova.bench.event.BenchEvents;
import io.nova.bench.event.ExpectedRows;
import io.nova.cli.process.CommandException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Judges the files of one side: every event is in them once, with all its values. DuckDB computes
 * the expected rows from the events' numbers. No time counts before its side was judged.
 */
public final class JudgedRows {
  private static final String HASH =
      BenchColumn.ALL.stream().map(BenchColumn::name).collect(Collectors.joining(", "));

  private JudgedRows() {}

  /** Figures of some rows; equal rows have equal figures in any order. */
  private record Figures(long rows, long distinct, String sum) {}

  /**
   * Reads all files.
   *
   * @param side its name, for the message
   * @throws CommandException if a row is missing, wrong, or there twice; the message says which
   */
  public static void require(String side, List<Path> files, BenchEvents events)
      throws SQLException {
    if (files.isEmpty()) {
      throw new CommandException(
          "%s: found no file, expected %,d rows. Its time does not count."
              .formatted(side, events.events()));
    }
    try (Connection duck = Duck.open();
        Statement statement = duck.createStatement()) {
      for (String macro : ExpectedRows.MACROS) {
        statement.execute(macro);
      }
      String stored = ExpectedRows.stored(Duck.parquet(files));
      String expected = ExpectedRows.select(events);
      Figures found = figures(statement, stored);
      if (!found.equals(figures(statement, expected))) {
        throw new CommandException(
            "%s: found %,d rows with %,d event ids, expected %,d of each. %s %s Its time does not count."
                .formatted(
                    side,
                    found.rows(),
                    found.distinct(),
                    events.events(),
                    difference(statement, "Missing", expected, stored),
                    difference(statement, "Not expected", stored, expected)));
      }
    }
  }

  private static Figures figures(Statement statement, String rows) throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT count(*), count(DISTINCT event_id), sum(hash(%s)::HUGEINT)::VARCHAR FROM (%s)"
                .formatted(HASH, rows))) {
      row.next();
      return new Figures(row.getLong(1), row.getLong(2), row.getString(3));
    }
  }

  private static String difference(Statement statement, String what, String some, String others)
      throws SQLException {
    try (ResultSet row =
        statement.executeQuery(
            "SELECT count(*), any_value(found)::VARCHAR FROM ((%s) EXCEPT ALL (%s)) AS found"
                .formatted(some, others))) {
      row.next();
      return "%s: %,d rows, such as %s.".formatted(what, row.getLong(1), row.getString(2));
    }
  }
}
