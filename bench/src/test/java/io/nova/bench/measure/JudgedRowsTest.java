package io.nova.bench.measure;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.bench.event.BenchEvents;
import io.nova.bench.event.ExpectedRows;
import io.nova.cli.process.CommandException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JudgedRowsTest {
  private static final BenchEvents EVENTS = BenchEvents.ofADay(1_000);

  @TempDir Path folder = Path.of("");

  @Test
  void rightRowsCount() throws Exception {
    List<Path> files = files("SELECT * FROM expected");

    assertThatCode(() -> JudgedRows.require("nova", files, EVENTS)).doesNotThrowAnyException();
  }

  @Test
  void missingRowIsNamed() throws Exception {
    requireFails("SELECT * FROM expected WHERE event_id <> 7", "found 899 rows", "Missing: 1 rows");
  }

  @Test
  void rowThatIsThereTwiceIsNamed() throws Exception {
    requireFails(
        "FROM expected UNION ALL FROM expected WHERE event_id = 7",
        "found 901 rows with 900 event ids",
        "Not expected: 1 rows");
  }

  @Test
  void wrongValueIsNamed() throws Exception {
    requireFails(
        "SELECT * REPLACE (CASE event_id WHEN 7 THEN 'Rome' ELSE city END AS city) FROM expected",
        "Missing: 1 rows",
        "Rome");
  }

  @Test
  void nothingIsNotEnough() {
    assertThatThrownBy(() -> JudgedRows.require("peer", List.of(), EVENTS))
        .hasMessageContaining("found no file");
  }

  private void requireFails(String rows, String... words) throws Exception {
    List<Path> files = files(rows);
    assertThatThrownBy(() -> JudgedRows.require("nova", files, EVENTS))
        .isInstanceOf(CommandException.class)
        .hasMessageContainingAll(words);
  }

  /** A file with these of the expected rows; times are stored as a table stores them. */
  private List<Path> files(String rows) throws Exception {
    Path file = folder.resolve("rows.parquet");
    try (Connection duck = Duck.open();
        Statement statement = duck.createStatement()) {
      for (String macro : ExpectedRows.MACROS) {
        statement.execute(macro);
      }
      statement.execute(
          "CREATE VIEW expected AS SELECT * REPLACE (make_timestamp(event_time) AS event_time,"
              + " make_timestamp(client_event_time) AS client_event_time,"
              + " make_timestamp(server_upload_time) AS server_upload_time) FROM ("
              + ExpectedRows.select(EVENTS)
              + ")");
      statement.execute("COPY (%s) TO '%s' (FORMAT parquet)".formatted(rows, file));
    }
    return List.of(file);
  }
}
