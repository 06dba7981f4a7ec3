package io.nova.bench.event;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.bench.measure.Duck;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchEventsTest {
  @TempDir Path folder = Path.of("");

  @Test
  void duckDbComputesTheValuesOfTheMessages() throws Exception {
    BenchEvents events = new BenchEvents(2_000, 1_000_000, Duration.ofMillis(333));
    Path file = folder.resolve("messages.json");
    Files.write(file, new HashSet<>(texts(events)));
    try (Connection duck = Duck.open();
        Statement statement = duck.createStatement()) {
      for (String macro : ExpectedRows.MACROS) {
        statement.execute(macro);
      }
      String sent = "(SELECT \"$insert_id\" AS insert_id, * FROM %s)".formatted(json(file));
      assertThat(rows(statement, ExpectedRows.select(events)))
          .hasSize(1_800)
          .isEqualTo(rows(statement, ExpectedRows.stored(sent)));
    }
  }

  private static String json(Path file) {
    return BenchColumn.ALL.stream()
        .map(column -> "\"%s\": '%s'".formatted(column.key(), type(column)))
        .collect(Collectors.joining(", ", "read_json('" + file + "', columns = {", "})"));
  }

  private static String type(BenchColumn column) {
    return column.type().replace("(6)", "").replace("STRING", "VARCHAR");
  }

  private static List<String> rows(Statement statement, String query) throws Exception {
    List<String> rows = new ArrayList<>();
    try (ResultSet found =
        statement.executeQuery(
            "SELECT r::VARCHAR FROM (%s) AS r ORDER BY event_id".formatted(query))) {
      while (found.next()) {
        rows.add(found.getString(1));
      }
    }
    return rows;
  }

  @Test
  void eachTenthMessageIsACopy() {
    BenchEvents events = BenchEvents.ofADay(10_000);

    List<String> texts = texts(events);

    assertThat(texts).hasSize(10_000);
    assertThat(new HashSet<>(texts)).hasSize(9_000);
    assertThat(events.events()).isEqualTo(9_000);
    assertThat(events.copies()).isEqualTo(1_000);
  }

  @Test
  void messageHasAbout528Bytes() {
    double mean =
        texts(BenchEvents.ofADay(10_000)).stream().mapToInt(String::length).average().orElse(0);

    assertThat(mean).isBetween(520.0, 536.0);
  }

  private static List<String> texts(BenchEvents events) {
    List<String> texts = new ArrayList<>();
    try (MessageCursor cursor = events.open()) {
      while (cursor.hasNext()) {
        Message message = cursor.next();
        texts.add(new String(java.util.Objects.requireNonNull(message.value()), UTF_8));
      }
    }
    return texts;
  }

  @Test
  void eventsNeedATimeFromOneToTheNext() {
    assertThatThrownBy(() -> new BenchEvents(10, 0, Duration.ZERO)).hasMessageContaining("1 us");
  }
}
