package io.nova.job.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Tally;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchAnswer.State;
import io.nova.handoff.BatchNumbers;
import io.nova.handoff.BatchRequest;
import io.nova.handoff.OpenRequest;
import io.nova.iceberg.ChunkWriter;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.job.JobWarehouse;
import io.nova.job.handoff.BatchOrder;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import io.nova.job.shard.SealedUpTo;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A batch is closed, completed and removed. The committer dies once at a halt point and starts
 * again from its last completed checkpoint.
 */
class CommitterKillTest {
  @TempDir Path folder;
  private JobWarehouse warehouse;
  private NovaSettings settings;
  private BlockFile file;
  private long batch;
  private OneInputStreamOperatorTestHarness<TableChange, BatchAnswer> committer;
  private @Nullable OperatorSubtaskState last;
  private int afterLast;
  private int current;
  private final List<BatchAnswer> sent = new ArrayList<>();
  private long completedSeen = BatchNumbers.NONE;
  private long checkpoints;
  private long offset;
  private int left;
  private boolean killed;

  /** A step of the test; steps since the last checkpoint are done again after a kill. */
  private interface Step {
    void run() throws Exception;
  }

  /** No code of Nova or Flink catches it. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void begin() throws Exception {
    warehouse = new JobWarehouse(folder);
    settings = warehouse.settings(Duration.ZERO, Duration.ZERO);
    file = warehouse.blockFile("10:02", "a", 1);
    batch = file.batchNumber();
    start();
  }

  @AfterEach
  void end() throws Exception {
    HaltPoint.takenByNobody();
    committer.close();
  }

  private void start() throws Exception {
    committer = new OneInputStreamOperatorTestHarness<>(new TableCommitter(settings));
    committer.setup();
    if (last != null) {
      committer.initializeState(last);
    }
    committer.open();
    completedSeen = handoff().completed();
    committer.processElement(TableChange.ofGeneration(UUID.randomUUID().toString()), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "CLOSING_LINK, 1",
    "TAG, 1",
    "ANSWER, 1",
    "ANSWER, 2",
    "PROPERTY, 1",
    "PROPERTY, 2",
    "DELETE, 1",
    "DELETED, 1"
  })
  void nothingIsLostOrDoneTwice(HaltPoint point, int times) throws Exception {
    left = times;
    HaltPoint.takenBy(
        reached -> {
          if (reached == point && --left == 0) {
            killed = true;
            throw new Killed();
          }
        });

    run(List.of(this::close, this::checkpoint, this::complete, this::checkpoint, this::remove));

    assertThat(killed).isTrue();
    assertThat(handoff().completed()).isEqualTo(batch);
    assertThat(handoff().deleted()).isEqualTo(batch);
    assertThat(rows(table().currentSnapshot().snapshotId())).isEqualTo("0");
    assertThat(rows(table().refs().get("batch-" + batch).snapshotId())).isEqualTo("1");
    sent.addAll(committer.extractOutputValues());
    assertThat(sent).extracting(BatchAnswer::state).contains(State.CLOSED, State.COMPLETED);
  }

  private void run(List<Step> steps) throws Exception {
    boolean restarted = false;
    for (current = 0; current < steps.size(); current++) {
      try {
        steps.get(current).run();
      } catch (Throwable death) {
        if (restarted || !killed) {
          throw death;
        }
        restarted = true;
        current = afterLast - 1;
        committer.close();
        start();
        sealed();
        checkpoint();
      }
    }
  }

  private void close() throws Exception {
    committer.processElement(TableChange.of(file), 0);
    committer.processElement(TableChange.of(BatchOrder.close(batch, "ops")), 0);
    sealed();
    committer.processElement(
        TableChange.of(
            new ChunkWriter(Storage.configuration(), warehouse.table.dataFolder(), 1 << 20)
                .merge(batch, List.of(file))),
        0);
  }

  /** What every shard says, also again after a restore. */
  private void sealed() throws Exception {
    for (int shard = 0; shard < settings.shards(); shard++) {
      TableChange change = new TableChange();
      change.sealed = new SealedUpTo(shard, batch, completedSeen);
      committer.processElement(change, 0);
    }
  }

  /** Answers up to a checkpoint are in the topic when it is complete. */
  private void checkpoint() throws Exception {
    checkpoints++;
    committer.processElement(
        TableChange.of(TallyReport.of(checkpoints, new Tally()).readTo(Map.of(0, 17L))), 0);
    last = committer.snapshot(checkpoints, checkpoints);
    afterLast = current + 1;
    sent.addAll(committer.extractOutputValues());
    committer.getOutput().clear();
    committer.notifyOfCompletedCheckpoint(checkpoints);
  }

  private void complete() throws Exception {
    String link = handoff().batch(batch).orElseThrow().link();
    request(BatchRequest.complete(batch, link, null, "etl", 5));
  }

  private void remove() throws Exception {
    request(BatchRequest.expire("ops", 7));
    for (int step = 1; step <= 10; step++) {
      committer.setProcessingTime(step);
    }
  }

  private void request(BatchRequest request) throws Exception {
    OpenRequest open = new OpenRequest("id-" + offset, offset++, request, null);
    committer.processElement(TableChange.of(BatchOrder.apply(open, "topic-1")), 0);
  }

  private Table table() {
    Table table = warehouse.table.iceberg();
    table.refresh();
    return table;
  }

  private HandoffProperties handoff() {
    return HandoffProperties.of(table().properties());
  }

  private String rows(long snapshot) {
    return table().snapshot(snapshot).summary().get("total-records");
  }
}
