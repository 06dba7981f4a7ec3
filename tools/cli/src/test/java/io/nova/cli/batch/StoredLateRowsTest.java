package io.nova.cli.batch;

import static io.nova.cli.batch.BatchLayerTables.BATCH;
import static io.nova.cli.batch.BatchLayerTables.event;
import static io.nova.cli.batch.BatchLayerTables.row;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredLateRowsTest {
  @TempDir private Path folder;

  @Test
  void aRunDoesNotLoseALateEventThatTheRejectedTopicHasDropped() {
    BatchLayerTables tables = new BatchLayerTables(folder);
    StoredLateRows stored = new StoredLateRows(tables.pinned(), tables.catalog());
    stored.mustBeAmong(List.of());
    tables.stage(BATCH, row("a", 1), row("b", 2));

    stored.mustBeAmong(List.of(event("a", 1, true), event("b", 2, false), event("c", 3, true)));
    assertThatThrownBy(() -> stored.mustBeAmong(List.of(event("b", 2, true))))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("1 late events that the rejected topic no longer has")
        .hasMessageContaining("[events, 0, 1, 0]");
  }
}
