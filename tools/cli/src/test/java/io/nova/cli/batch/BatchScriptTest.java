package io.nova.cli.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchScriptTest {
  private static final Path SHIPPED = Path.of("../../sql/scripts/batch-day.sql");

  private static final Map<String, String> VALUES =
      Map.of(
          "name", "2026-11-21",
          "batch", "20778",
          "snapshot", "77",
          "catalog", "'warehouse' = 'file:///a$1'",
          "columns", "`app`, `city`");

  @TempDir private Path folder;

  private Path script(String text) throws IOException {
    return Files.writeString(folder.resolve("script.sql"), text);
  }

  @Test
  void theShippedScriptReplacesOneBatchFromOneSnapshot() {
    BatchScript script = BatchScript.read(SHIPPED, VALUES);

    assertThat(script.insert())
        .startsWith("INSERT OVERWRITE batch_layer.nova.batch_events (`app`, `city`)")
        .contains("/*+ OPTIONS('snapshot-id' = '77') */", "WHERE batch_number = 20778")
        .contains("ORDER BY app, event_type, event_time");
    assertThat(script.before())
        .contains("SET 'table.dml-sync' = 'true'", "SET 'restart-strategy.type' = 'fixed-delay'")
        .anyMatch(one -> one.contains("'warehouse' = 'file:///a$1'"));
    assertThat(script.after()).containsExactly("DROP CATALOG batch_layer");
  }

  @Test
  void anUnknownNameIsAnErrorAndNothingRuns() throws IOException {
    Path file = script("INSERT INTO t SELECT '{tag}';");

    assertThatThrownBy(() -> BatchScript.read(file, VALUES))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("found {tag}")
        .hasMessageContaining("batch, catalog, columns, name, snapshot");
  }

  @Test
  void aScriptHasOneInsert() throws IOException {
    Path none = script("SET 'a' = 'b';");
    assertThatThrownBy(() -> BatchScript.read(none, VALUES))
        .hasMessageContaining("found 0 statements that begin with INSERT");
    Path two = script("INSERT INTO a SELECT 1; INSERT INTO b SELECT 1;");
    assertThatThrownBy(() -> BatchScript.read(two, VALUES)).hasMessageContaining("found 2");
  }
}
