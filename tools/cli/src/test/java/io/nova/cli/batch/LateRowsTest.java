package io.nova.cli.batch;

import static io.nova.cli.batch.BatchLayerTables.BATCH;
import static io.nova.cli.batch.BatchLayerTables.event;
import static io.nova.cli.batch.BatchLayerTables.row;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.kafka.batches.client.LateEvent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Late events at midnight, whose copies may be in the batch before. */
class LateRowsTest {
  @TempDir private Path folder;
  private BatchLayerTables tables;

  @BeforeEach
  void makeTables() {
    tables = new BatchLayerTables(folder);
  }

  private List<String> chosen(LateEvent... late) {
    return new LateRows(tables.pinned(), tables.catalog(), BatchLayerTables.READER)
        .choose(List.of(late)).stream().map(one -> String.valueOf(one.event().original())).toList();
  }

  private static String original(LateEvent event) {
    return String.valueOf(event.original());
  }

  @Test
  void aCopyOfARowOfTheCompletedBatchBeforeIsNotAdded() {
    tables.add(BATCH - 1, row("a", -5), row("b", -5), row("c", -25));
    tables.stage(BATCH - 1);
    tables.complete(BATCH - 1);
    LateEvent copy = event("a", 1, true);
    LateEvent admittedSince = event("b", 1, false);
    LateEvent far = event("c", 1, true);

    assertThat(chosen(copy, admittedSince, far)).containsExactly(original(far));
  }

  @Test
  void aCopyOfARowOfTheOpenBatchAfterIsNotAdded() {
    tables.admit(BATCH + 1, row("a", 24 * 60 + 5));
    tables.stage(BATCH + 1);
    LateEvent copy = event("a", 24 * 60 - 3, false);
    LateEvent other = event("b", 24 * 60 - 3, false);

    assertThat(chosen(copy, other)).containsExactly(original(other));
  }

  /** Its batch may have been closed again with other rows. */
  @Test
  void rowsOfABatchBeforeThatIsNotCompletedDoNotCount() {
    tables.add(BATCH - 1, row("a", -5));
    tables.stage(BATCH - 1);
    LateEvent event = event("a", 1, true);

    assertThat(chosen(event)).containsExactly(original(event));
  }

  @Test
  void aCopyOfALateRowOfTheBatchBeforeIsNotAdded() {
    tables.stage(BATCH - 1, row("a", -5));
    LateEvent copy = event("a", 1, false);
    LateEvent other = event("b", 1, false);

    assertThat(chosen(copy, other)).containsExactly(original(other));
  }

  @Test
  void rowsOfAFormerRunOfTheBatchDoNotCount() {
    tables.add(BATCH, row("a", 1));
    LateEvent again = event("a", 1, true);

    assertThat(chosen(again)).containsExactly(original(again));
  }
}
