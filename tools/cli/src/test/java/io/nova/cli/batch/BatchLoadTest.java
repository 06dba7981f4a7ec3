package io.nova.cli.batch;

import static io.nova.cli.batch.BatchLayerTables.BATCH;
import static io.nova.cli.batch.BatchLayerTables.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.kafka.batches.client.BatchAudit;
import java.nio.file.Path;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit of rows that the batch layer has written: nobody has changed them since. */
class BatchLoadTest {
  @TempDir private Path folder;
  private BatchLayerTables tables;
  private BatchLoad load;

  @BeforeEach
  void makeTables() {
    tables = new BatchLayerTables(folder);
    load = new BatchLoad(tables.pinned(), tables.catalog(), Path.of("none.sql"));
  }

  @Test
  void theRowsAreThoseOfTheTagAndTheLateOnes() {
    tables.add(BATCH, row("a", 60), row("b", 120));
    BatchAudit.Result tagged = tables.stagedFigures();
    tables.add(BATCH, row("late", 120));

    BatchAudit.Result found = load.audit(tagged, 1);

    assertThat(found.total().rows()).isEqualTo(3);
    assertThat(found.lines()).hasSize(2);
  }

  @Test
  void rowsThatWereChangedAfterTheInsertAreNamedAndTheBatchIsNotCompleted() {
    tables.add(BATCH, row("a", 60), row("b", 120));
    BatchAudit.Result tagged = tables.stagedFigures();
    tables.add(BATCH, row("c", 120));
    tables.stage(BATCH);

    assertThatThrownBy(() -> load.audit(tagged, 0))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Batch 2026-11-21: the rows of nova.batch_events are not those")
        .hasMessageContaining("App 7, hour 2026-11-21T02:00:00Z: found 2 rows")
        .hasMessageContaining("expected 1 rows")
        .hasMessageContaining("The batch is not completed")
        .hasMessageNotContaining("01:00");
  }

  @Test
  void anotherRowInPlaceOfOneIsNamed() {
    tables.stage(BATCH, row("a", 60));
    BatchAudit.Result tagged = tables.stagedFigures();
    tables.add(BATCH, row("x", 60));
    tables.stage(BATCH);

    assertThatThrownBy(() -> load.audit(tagged, 0)).hasMessageContaining("01:00");
  }

  @Test
  void theLateRowsOfAnEarlierRunCountInARunWithoutLateEvents() {
    tables.add(BATCH, row("a", 60));
    BatchAudit.Result tagged = tables.stagedFigures();
    tables.add(BATCH, row("late", 120), row("later", 120));

    assertThat(load.audit(tagged, null).total().rows()).isEqualTo(3);
  }

  @Test
  void aLateRowThatWasNotStagedIsMissed() {
    tables.add(BATCH, row("a", 60));
    BatchAudit.Result tagged = tables.stagedFigures();
    tables.stage(BATCH);

    assertThatThrownBy(() -> load.audit(tagged, 1)).hasMessageContaining("of 1 late events (0 in");
  }

  @Test
  void replacedLateRowsAreThoseOfOneBatchAlone() {
    tables.stage(BATCH, row("a", 60), row("b", 60));
    tables.stage(BATCH + 1);
    assertThat(tables.stagedFigures().total().rows()).isEqualTo(2);

    tables.stage(BATCH);
    assertThat(tables.stagedFigures().total().rows()).isZero();
    Table table = tables.lateRows().iceberg();
    long snapshot = table.currentSnapshot().snapshotId();
    tables.stage(BATCH);
    table.refresh();
    assertThat(table.currentSnapshot().snapshotId()).as("nothing to replace").isEqualTo(snapshot);
  }
}
