package io.nova.bench.side;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.SqlSession;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The answer to a query.
 *
 * @param seconds from the question to the last row
 * @param rows its rows as texts, sorted
 */
public record SqlAnswer(double seconds, List<String> rows) {
  private static final int SHOWN = 3;

  /** Sorts the rows. */
  public SqlAnswer {
    rows = rows.stream().sorted().toList();
  }

  /** Asks a session of the SQL gateway. */
  public static SqlAnswer of(SqlSession session, String query) {
    List<String> rows = new ArrayList<>();
    long start = System.nanoTime();
    session.execute(
        query,
        fields -> {
          rows.add(
              String.join(
                  "|",
                  StreamSupport.stream(fields.spliterator(), false)
                      .map(JsonNode::asText)
                      .toList()));
        });
    return new SqlAnswer(secondsSince(start), rows);
  }

  /** Asks DuckDB. */
  public static SqlAnswer of(Statement duck, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    long start = System.nanoTime();
    try (ResultSet found = duck.executeQuery(query)) {
      int columns = found.getMetaData().getColumnCount();
      while (found.next()) {
        List<String> fields = new ArrayList<>();
        for (int column = 1; column <= columns; column++) {
          fields.add(String.valueOf(found.getString(column)));
        }
        rows.add(String.join("|", fields));
      }
    }
    return new SqlAnswer(secondsSince(start), rows);
  }

  private static double secondsSince(long startNanos) {
    return (System.nanoTime() - startNanos) / 1e9;
  }

  /**
   * Compares this answer with DuckDB's.
   *
   * @throws CommandException if a row differs; the message says which
   */
  public SqlAnswer mustEqual(SqlAnswer right, String side, BenchQuery query) {
    if (!rows.equals(right.rows())) {
      throw new CommandException(
          "%s, %s: found %,d rows, DuckDB found %,d. Only %s found: %s. Only DuckDB found: %s. Its time does not count."
              .formatted(
                  side,
                  query.name(),
                  rows.size(),
                  right.rows().size(),
                  side,
                  without(rows, right.rows()),
                  without(right.rows(), rows)));
    }
    return this;
  }

  private static List<String> without(List<String> rows, List<String> others) {
    ArrayList<String> left = new ArrayList<>(rows);
    others.forEach(left::remove);
    return left.subList(0, Math.min(SHOWN, left.size()));
  }
}
