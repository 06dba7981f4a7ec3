package io.nova.job.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.event.Tally;
import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchAnswer.State;
import io.nova.handoff.BatchNumbers;
import io.nova.handoff.BatchRequest;
import io.nova.handoff.BatchRequest.Kind;
import io.nova.handoff.OpenRequest;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.job.JobWarehouse;
import io.nova.job.handoff.BatchOrder;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import io.nova.job.shard.SealedUpTo;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitterHandoffTest {
  private static final String TOPIC_ID = "topic-1";

  @TempDir Path folder;
  private JobWarehouse warehouse;
  private NovaSettings settings;
  private BlockFile file;
  private long batch;
  private OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer;
  private long checkpoint;
  private long completedSeen = BatchNumbers.NONE;
  private long offset;

  @BeforeEach
  void oneBlockFileWaits() throws Exception {
    warehouse = new JobWarehouse(folder);
    settings = warehouse.settings;
    file = warehouse.blockFile("10:02", "a", 1);
    batch = file.batchNumber();
    start(null);
    committer.processElement(TableChange.of(file), 0);
  }

  @AfterEach
  void stop() throws Exception {
    committer.close();
  }

  private void start(@Nullable OperatorSubtaskState restored) throws Exception {
    committer = new OneInputStreamOperatorTestHarness<>(new TableCommitter(settings));
    committer.setup();
    if (restored != null) {
      committer.initializeState(restored);
    }
    committer.open();
    committer.processElement(TableChange.ofGeneration(UUID.randomUUID().toString()), 0);
  }

  private void sealed(int shard) throws Exception {
    TableChange change = new TableChange();
    change.sealed = new SealedUpTo(shard, batch, completedSeen);
    committer.processElement(change, 0);
  }

  private void allSealed() throws Exception {
    for (int shard = 0; shard < warehouse.settings.shards(); shard++) {
      sealed(shard);
    }
  }

  private void order(BatchOrder order) throws Exception {
    committer.processElement(TableChange.of(order), 0);
  }

  private void merged() throws Exception {
    Chunk chunk =
        new ChunkWriter(Storage.configuration(), warehouse.table.dataFolder(), 1 << 20)
            .merge(batch, List.of(file));
    committer.processElement(TableChange.of(chunk), 0);
  }

  private OperatorSubtaskState checkpoint() throws Exception {
    checkpoint++;
    committer.processElement(
        TableChange.of(TallyReport.of(checkpoint, new Tally()).readTo(Map.of(0, 17L))), 0);
    OperatorSubtaskState state = committer.snapshot(checkpoint, checkpoint);
    committer.notifyOfCompletedCheckpoint(checkpoint);
    return state;
  }

  private Table table() {
    Table table = warehouse.table.iceberg();
    table.refresh();
    return table;
  }

  private HandoffProperties handoff() {
    return HandoffProperties.of(table().properties());
  }

  private List<Object> devicesInTag() throws Exception {
    long tag = table().refs().get("batch-" + batch).snapshotId();
    try (CloseableIterable<Record> rows = IcebergGenerics.read(table()).useSnapshot(tag).build()) {
      return StreamSupport.stream(rows.spliterator(), false)
          .map(row -> row.getField("device_id"))
          .toList();
    }
  }

  private void close() throws Exception {
    order(BatchOrder.close(batch, "ops"));
    allSealed();
    merged();
    checkpoint();
  }

  private BatchAnswer request(BatchRequest request) throws Exception {
    order(BatchOrder.apply(new OpenRequest("id-" + offset, offset++, request, null), TOPIC_ID));
    return last();
  }

  private BatchAnswer last() {
    List<BatchAnswer> answers = committer.extractOutputValues();
    return answers.get(answers.size() - 1);
  }

  private String link() {
    return handoff().batch(batch).orElseThrow().link();
  }

  @Test
  void aBatchClosesWhenEveryShardHasSealedItAndNoBlockFileIsLeft() throws Exception {
    order(BatchOrder.close(batch, "ops"));
    for (int shard = 1; shard < warehouse.settings.shards(); shard++) {
      sealed(shard);
    }
    merged();
    checkpoint();
    assertThat(table().refs()).doesNotContainKey("batch-" + batch);

    sealed(0);
    checkpoint();

    assertThat(devicesInTag()).containsExactly("a");
    assertThat(last().state()).isEqualTo(State.CLOSED);
    assertThat(last().link()).isEqualTo(link());
    assertThat(last().offsets()).containsExactly(Map.entry(0, 17L));
    assertThat(handoff().batch(batch).orElseThrow().closedBy()).isEqualTo("ops");
    assertThat(handoff().batch(batch).orElseThrow().digest()).isNotEqualTo("0".repeat(32));
  }

  @Test
  void aBlockFileWithoutChunkHoldsTheClose() throws Exception {
    order(BatchOrder.close(batch, "ops"));
    allSealed();
    checkpoint();
    assertThat(table().refs()).doesNotContainKey("batch-" + batch);

    merged();
    checkpoint();

    assertThat(devicesInTag()).containsExactly("a");
  }

  @Test
  void aStartFailsWhereTheShardsSawAnotherCompletionThanTheTableHas() {
    completedSeen = batch;

    assertThatThrownBy(() -> sealed(0))
        .hasMessageContaining("completed or withdrawn while this job started");
  }

  @Test
  void aClosedBatchIsAnnouncedAgainWhereItsAnswerMayBeLost() throws Exception {
    order(BatchOrder.close(batch, "ops"));
    allSealed();
    merged();
    OperatorSubtaskState taken = checkpoint();
    BatchAnswer answer = last();
    committer.close();

    start(taken);

    assertThat(last().link()).isEqualTo(answer.link());
    assertThat(last().offsets()).isEqualTo(answer.offsets());
  }

  @Test
  void aBatchCompletesAndIsWithdrawnAtOnce() throws Exception {
    close();

    assertThat(request(BatchRequest.complete(batch, link(), null, "etl", 5)).state())
        .isEqualTo(State.COMPLETED);
    assertThat(handoff().completed()).isEqualTo(batch);
    assertThat(handoff().batch(batch).orElseThrow().completedBy()).isEqualTo("etl");

    assertThat(request(BatchRequest.withdraw(batch, "etl", 6)).state()).isEqualTo(State.WITHDRAWN);
    assertThat(handoff().isCompleted(batch)).isFalse();
    assertThat(devicesInTag()).containsExactly("a");
  }

  @Test
  void whereAnAuditIsRequiredABatchCompletesWithoutFiguresByForceOnly() throws Exception {
    restart(warehouse.settingsWithRequiredAudit());
    close();

    BatchAnswer refused = request(BatchRequest.complete(batch, link(), null, "etl", 5));
    assertThat(refused.state()).isEqualTo(State.REFUSED);
    assertThat(refused.detail()).contains("nova.batch.require-audit", "by force");
    assertThat(request(BatchRequest.forceComplete(batch, link(), "ops", 6)).state())
        .isEqualTo(State.COMPLETED);
    assertThat(handoff().batch(batch).orElseThrow().forced()).isTrue();
  }

  /** Command and procedure refuse it, and a record of the topic may be written by hand. */
  @Test
  void aCompletionByForceWithFiguresIsRefused() throws Exception {
    close();
    AuditFigures wrong = new AuditFigures(5, "0".repeat(32));

    BatchAnswer refused =
        request(
            new BatchRequest(
                1, Kind.COMPLETE, batch, null, true, List.of(), link(), wrong, "ops", 6));

    assertThat(refused.state()).isEqualTo(State.REFUSED);
    assertThat(refused.detail()).contains("is not compared");
    assertThat(handoff().isCompleted(batch)).isFalse();
  }

  @Test
  void aRequestThatIsReadAgainChangesNothing() throws Exception {
    close();
    request(BatchRequest.complete(batch, link(), null, "etl", 5));
    request(BatchRequest.withdraw(batch, "etl", 6));
    offset = 0;

    request(BatchRequest.complete(batch, link(), null, "etl", 5));

    assertThat(handoff().isCompleted(batch)).isFalse();
  }

  @Test
  void aCompletionWithAnotherLinkIsRefused() throws Exception {
    close();

    BatchAnswer answer = request(BatchRequest.complete(batch, "other", null, "etl", 5));

    assertThat(answer.state()).isEqualTo(State.REFUSED);
    assertThat(answer.detail()).contains("names link other").contains(link());
    assertThat(handoff().isCompleted(batch)).isFalse();
  }

  @Test
  void filesOfACompletedBatchStayForTheGrace() throws Exception {
    close();
    request(BatchRequest.complete(batch, link(), null, "etl", 5));
    lifecycle();

    assertThat(table().currentSnapshot().summary()).containsEntry("total-data-files", "1");
  }

  @Test
  void filesOfACompletedBatchLeaveAfterTheGrace() throws Exception {
    restart(warehouse.settings(Duration.ZERO, Duration.ZERO));
    close();
    request(BatchRequest.complete(batch, link(), null, "etl", 5));
    lifecycle();

    assertThat(handoff().deleted()).isEqualTo(batch);
    assertThat(table().currentSnapshot().summary()).containsEntry("total-data-files", "0");
    assertThat(devicesInTag()).containsExactly("a");
  }

  /**
   * A restored job writes it again, and it is dropped: the batch layer has its rows. The alarm of
   * late commits must not ring.
   */
  @Test
  void aFileOfAHandedOffBatchHasNoAge() throws Exception {
    OperatorSubtaskState beforeTheClose = checkpoint();
    close();
    request(BatchRequest.complete(batch, link(), null, "etl", 5));
    committer.close();
    start(beforeTheClose);
    TableCommitter operator = (TableCommitter) committer.getOneInputOperator();

    committer.processElement(TableChange.of(warehouse.blockFile("10:03", "b", 2)), 0);
    committer.setProcessingTime(committer.getProcessingTime() + 90_000);

    assertThat(operator.notCommittedSeconds()).isZero();
  }

  @Test
  void oneCommitHasTheFilesOfSeveralCheckpoints() throws Exception {
    restart(warehouse.settings(Duration.ZERO, Duration.ofMinutes(1)));
    checkpoint();
    assertThat(files()).containsExactly(file.path());
    BlockFile second = warehouse.blockFile("10:07", "b", 2);
    committer.processElement(TableChange.of(second), 0);
    OperatorSubtaskState unapplied = checkpoint();
    BlockFile third = warehouse.blockFile("10:12", "c", 3);
    committer.processElement(TableChange.of(third), 0);
    checkpoint();
    assertThat(files()).containsExactly(file.path());

    committer.setProcessingTime(Duration.ofMinutes(1).toMillis());
    checkpoint();
    assertThat(files()).containsExactlyInAnyOrder(file.path(), second.path(), third.path());
    committer.close();
    start(unapplied);
    assertThat(files()).containsExactlyInAnyOrder(file.path(), second.path());
  }

  private List<String> files() throws Exception {
    try (CloseableIterable<FileScanTask> tasks = table().newScan().planFiles()) {
      return StreamSupport.stream(tasks.spliterator(), false)
          .map(task -> task.file().location())
          .toList();
    }
  }

  /** Begins anew, with the block file and other settings. */
  private void restart(NovaSettings other) throws Exception {
    committer.close();
    settings = other;
    start(null);
    committer.processElement(TableChange.of(file), 0);
  }

  /** Runs the lifecycle task, each step of which is a timer. */
  private void lifecycle() throws Exception {
    assertThat(request(BatchRequest.expire("ops", 7)).state()).isEqualTo(State.EXPIRED);
    for (int step = 1; step <= 10; step++) {
      committer.setProcessingTime(step);
    }
  }
}
