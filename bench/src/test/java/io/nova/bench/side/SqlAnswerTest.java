package io.nova.bench.side;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.bench.measure.Duck;
import io.nova.cli.process.CommandException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

class SqlAnswerTest {
  private static final BenchQuery QUERY = BenchQuery.all("u1").get(1);

  @Test
  void orderOfRowsDoesNotMatter() {
    SqlAnswer right = new SqlAnswer(1, List.of("a|1", "b|2"));

    assertThatCode(() -> new SqlAnswer(2, List.of("b|2", "a|1")).mustEqual(right, "nova", QUERY))
        .doesNotThrowAnyException();
  }

  @Test
  void wrongRowIsNamed() {
    SqlAnswer right = new SqlAnswer(1, List.of("a|1", "b|2"));

    assertThatThrownBy(
            () -> new SqlAnswer(2, List.of("a|1", "b|3")).mustEqual(right, "nova", QUERY))
        .isInstanceOf(CommandException.class)
        .hasMessageContainingAll("nova, count by type", "b|3", "Only DuckDB found: [b|2]");
  }

  @Test
  void rowThatIsThereTwiceIsNamed() {
    SqlAnswer right = new SqlAnswer(1, List.of("a|1"));

    assertThatThrownBy(
            () -> new SqlAnswer(2, List.of("a|1", "a|1")).mustEqual(right, "peer", QUERY))
        .hasMessageContainingAll("found 2 rows", "Only peer found: [a|1]");
  }

  @Test
  void duckDbUnderstandsEveryQuery() throws Exception {
    try (Connection duck = Duck.open();
        Statement statement = duck.createStatement()) {
      statement.execute(
          "CREATE TABLE events AS SELECT 7 AS event_id, 'a' AS event_type, 'd' AS device_id,"
              + " 'u1' AS user_id, 'Japan' AS country, 'iOS' AS platform, 5 AS session_id,"
              + " TIMESTAMPTZ '2026-03-02 10:09:59Z' AS server_upload_time");
      assertThat(BenchQuery.all("u1"))
          .extracting(query -> SqlAnswer.of(statement, query.of("events")).rows())
          .containsExactly(
              List.of("1"),
              List.of("a|1"),
              List.of("a|1"),
              List.of("1"),
              List.of("7|7|7|5"),
              List.of("605|1"),
              List.of("7|a"));
    }
  }
}
