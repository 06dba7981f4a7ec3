package io.nova.bench.side;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class BenchQueryTest {
  /** Two events five minutes apart, and one five minutes before midnight. */
  private static final String EVENTS =
      """
      CREATE TABLE t AS SELECT * FROM (VALUES
        (1, 'Search Performed', 'd', 'u', TIMESTAMPTZ '2026-11-30T10:03:00Z'),
        (2, 'Product Added', 'd', 'u', TIMESTAMPTZ '2026-11-30T10:08:00Z'),
        (3, 'Search Performed', 'e', 'v', TIMESTAMPTZ '2026-11-30T23:55:00Z')
      ) AS e(event_id, event_type, device_id, user_id, server_upload_time),
      (SELECT 'Japan' AS country, 'iOS' AS platform, 7 AS session_id), LATERAL (SELECT
        server_upload_time AS event_time)""";

  static Stream<BenchQuery> queries() {
    return Stream.concat(BenchQuery.all("u").stream(), BenchQuery.dashboard("u").stream())
        .distinct();
  }

  @ParameterizedTest
  @MethodSource("queries")
  void bothDialectsHaveTheSameAnswer(BenchQuery query) throws Exception {
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute(EVENTS);

      assertThat(rows(statement, query.ofDuck("t")))
          .isNotEmpty()
          .containsExactlyInAnyOrderElementsOf(rows(statement, query.of("t")));
    }
  }

  private static List<String> rows(Statement statement, String sql) throws Exception {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }
}
