package io.nova.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.event.Tally;
import io.nova.handoff.BatchAnswer;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.Storage;
import io.nova.job.JobWarehouse;
import io.nova.job.metrics.TallyReport;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableCommitterTest {
  @TempDir Path folder;
  private JobWarehouse warehouse;

  @BeforeEach
  void tableIsBorn() {
    warehouse = new JobWarehouse(folder);
  }

  @Test
  void blockFileAppearsOnlyWhenItsCheckpointIsComplete() throws Exception {
    BlockFile file = warehouse.blockFile("10:02", "a", 1);
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      committer.processElement(TableChange.of(file), 0);
      committer.snapshot(1, 1);
      assertThat(pathsInTable()).isEmpty();
      committer.notifyOfCompletedCheckpoint(1);

      assertThat(pathsInTable()).containsExactly(file.path());
    }
  }

  @Test
  void aFileThatIsNotInTheTableHasAnAge() throws Exception {
    BlockFile first = warehouse.blockFile("10:02", "a", 1);
    BlockFile second = warehouse.blockFile("10:07", "b", 2);
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      TableCommitter operator = (TableCommitter) committer.getOneInputOperator();
      assertThat(operator.notCommittedSeconds()).isZero();

      committer.processElement(TableChange.of(first), 0);
      committer.setProcessingTime(90_000);
      assertThat(operator.notCommittedSeconds()).isEqualTo(90);

      committer.snapshot(1, 1);
      committer.setProcessingTime(100_000);
      committer.processElement(TableChange.of(second), 0);
      assertThat(operator.notCommittedSeconds()).isEqualTo(100);

      committer.notifyOfCompletedCheckpoint(1);
      committer.setProcessingTime(130_000);
      assertThat(operator.notCommittedSeconds()).as("the second file waits").isEqualTo(30);
    }
  }

  @Test
  void chunkTakesThePlaceOfItsBlockFilesEvenWithinOneCheckpoint() throws Exception {
    BlockFile file = warehouse.blockFile("10:02", "a", 1);
    Chunk chunk =
        new ChunkWriter(Storage.configuration(), warehouse.table.dataFolder(), 1 << 20)
            .merge(file.batchNumber(), List.of(file));
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      committer.processElement(TableChange.of(file), 0);
      committer.processElement(TableChange.of(chunk), 0);
      committer.snapshot(1, 1);
      committer.notifyOfCompletedCheckpoint(1);

      assertThat(pathsInTable()).containsExactly(chunk.path());
    }
  }

  @Test
  void savepointWithoutNotificationIsCommittedByTheRestoredJobOnce() throws Exception {
    BlockFile file = warehouse.blockFile("10:02", "a", 1);
    OperatorSubtaskState savepoint;
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      committer.processElement(TableChange.of(file), 0);
      savepoint = committer.snapshot(1, 1);
      committer.snapshot(2, 2);
      committer.notifyOfCompletedCheckpoint(2);
    }
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(savepoint)) {
      assertThat(pathsInTable()).containsExactly(file.path());
      committer.snapshot(2, 2);
      committer.notifyOfCompletedCheckpoint(2);
      assertThat(pathsInTable()).containsExactly(file.path());
    }
  }

  @Test
  void olderSavepointPutsTheTableBack() throws Exception {
    BlockFile first = warehouse.blockFile("10:02", "a", 1);
    BlockFile second = warehouse.blockFile("10:07", "b", 2);
    OperatorSubtaskState savepoint;
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      committer.processElement(TableChange.of(first), 0);
      savepoint = committer.snapshot(1, 1);
      committer.notifyOfCompletedCheckpoint(1);
      committer.processElement(TableChange.of(second), 0);
      committer.snapshot(2, 2);
      committer.notifyOfCompletedCheckpoint(2);
      assertThat(pathsInTable()).containsExactlyInAnyOrder(first.path(), second.path());
    }
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(savepoint)) {
      assertThat(pathsInTable()).containsExactly(first.path());
    }
  }

  @Test
  void aRestoredRunNotesTheOffsetsThatItMayGoOnWithout() throws Exception {
    OperatorSubtaskState savepoint;
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      savepoint = committer.snapshot(1, 1);
    }
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(savepoint)) {
      warehouse.table.iceberg().refresh();
      assertThat(warehouse.table.iceberg().currentSnapshot().summary())
          .containsEntry("nova.given-up", warehouse.settings.acceptedGaps().toString());
    }
  }

  @Test
  void committerOfAnEarlierRunCanCommitNothingAnyMore() throws Exception {
    BlockFile file = warehouse.blockFile("10:02", "a", 1);
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> zombie = start(null)) {
      OperatorSubtaskState savepoint = zombie.snapshot(1, 1);
      zombie.notifyOfCompletedCheckpoint(1);
      zombie.processElement(TableChange.of(file), 0);
      zombie.snapshot(2, 2);
      try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> restored =
          start(savepoint)) {
        assertThatThrownBy(() -> zombie.notifyOfCompletedCheckpoint(2))
            .hasMessageContaining("A second writer is alive");
        assertThat(pathsInTable()).isEmpty();
      }
    }
  }

  @Test
  void startWithoutStateOnATableWithContentFails() throws Exception {
    BlockFile file = warehouse.blockFile("10:02", "a", 1);
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      committer.processElement(TableChange.of(file), 0);
      committer.snapshot(1, 1);
      committer.notifyOfCompletedCheckpoint(1);
    }
    assertThatThrownBy(() -> start(null)).hasStackTraceContaining("has content");
    assertThat(pathsInTable()).containsExactly(file.path());
  }

  @Test
  void whatComesBeforeTheGenerationWaitsForIt() throws Exception {
    BlockFile first = warehouse.blockFile("10:02", "a", 1);
    BlockFile early = warehouse.blockFile("10:07", "a", 2);
    OperatorSubtaskState savepoint;
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      committer.processElement(TableChange.of(first), 0);
      savepoint = committer.snapshot(1, 1);
    }
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer =
        startWithoutGeneration(savepoint)) {
      savepoint = committer.snapshot(2, 2);
      committer.processElement(TableChange.of(early), 0);
      assertThatThrownBy(() -> committer.snapshot(3, 3)).hasStackTraceContaining("generation");
      assertThat(pathsInTable()).isEmpty();
    }
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer =
        startWithoutGeneration(savepoint)) {
      committer.processElement(TableChange.of(early), 0);
      committer.processElement(TableChange.ofGeneration(UUID.randomUUID().toString()), 0);
      committer.snapshot(4, 4);
      committer.notifyOfCompletedCheckpoint(4);

      assertThat(pathsInTable()).containsExactlyInAnyOrder(first.path(), early.path());
    }
  }

  @Test
  void checkpointFailsWhereAMessageHasNoOutcome() throws Exception {
    Tally received = new Tally();
    received.of("1").received = 2;
    Tally decided = new Tally();
    decided.of("1").admitted = 1;
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      committer.processElement(TableChange.of(TallyReport.of(1, received)), 0);
      committer.processElement(TableChange.of(TallyReport.of(1, decided)), 0);
      assertThatThrownBy(() -> committer.snapshot(1, 1))
          .hasStackTraceContaining("Expected received = admitted + duplicates + rejected");
    }
  }

  @Test
  void reportsOfACheckpointThatWasGivenUpCountForNothing() throws Exception {
    Tally received = new Tally();
    received.of("1").received = 1;
    Tally decided = new Tally();
    decided.of("1").admitted = 1;
    try (OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer = start(null)) {
      committer.processElement(TableChange.of(TallyReport.of(1, received)), 0);
      committer.processElement(TableChange.of(TallyReport.of(2, received)), 0);
      committer.processElement(TableChange.of(TallyReport.of(2, decided)), 0);

      assertThatCode(() -> committer.snapshot(2, 2)).doesNotThrowAnyException();
    }
  }

  private OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> start(
      OperatorSubtaskState restored) throws Exception {
    OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> harness =
        startWithoutGeneration(restored);
    harness.processElement(TableChange.ofGeneration(UUID.randomUUID().toString()), 0);
    return harness;
  }

  private OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> startWithoutGeneration(
      OperatorSubtaskState restored) throws Exception {
    OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> harness =
        new OneInputStreamOperatorTestHarness<>(new TableCommitter(warehouse.settings));
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }

  private List<String> pathsInTable() throws Exception {
    warehouse.table.iceberg().refresh();
    try (CloseableIterable<FileScanTask> tasks = warehouse.table.iceberg().newScan().planFiles()) {
      return StreamSupport.stream(tasks.spliterator(), false)
          .map(task -> task.file().location())
          .toList();
    }
  }
}
