package io.nova.job.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.RejectReason;
import io.nova.handoff.BatchNumbers;
import io.nova.job.JobEvents;
import io.nova.job.JobWarehouse;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.ShardMessage;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Closes in the block operator, which has eight shards. */
class BatchClosesTest {
  private static final String NEXT_DAY = "2026-11-21 00:02:00.000000";

  @TempDir Path folder;
  private NovaSettings settings;
  private long batch;

  @BeforeEach
  void tableIsBorn() {
    settings = new JobWarehouse(folder).settings;
    long upload = Objects.requireNonNull(JobEvents.at("10:02").received().event).uploadMicros;
    batch = settings.batchOf(settings.blockRules().intervalOf(upload));
  }

  @Test
  void openBlocksAreSealedIntoOneFileAnIntervalAndThenEveryShardSaysSo() throws Exception {
    try (BlockHarness blocks = start(1, 0, null)) {
      offer(blocks, "10:02", 40);
      offer(blocks, "10:07", 40);
      offer(blocks, NEXT_DAY, 40);
      blocks.closeUpTo(batch);

      assertThat(blocks.files()).extracting(BlockFile::rows).containsExactly(40L, 40L);
      assertThat(blocks.files()).extracting(BlockFile::batchNumber).containsOnly(batch);
      assertThat(blocks.sealed()).isEqualTo(marks(0, 8));
      assertThat(blocks.outputIsFile()).isEqualTo(filesFirst(2, 8));
    }
  }

  @Test
  void closeThatOnlySomeShardsHaveIsSealedBeforeTheNextBarrier() throws Exception {
    try (BlockHarness blocks = start(1, 0, null)) {
      offer(blocks, "10:02", 40);
      for (int shard = 0; shard < 5; shard++) {
        blocks.process(ShardMessage.closeUpTo(shard, batch));
      }
      assertThat(blocks.outputIsFile()).isEmpty();

      blocks.barrierComes(1);
      assertThat(blocks.sealed()).isEqualTo(marks(0, 5));
      assertThat(blocks.outputIsFile()).isEqualTo(filesFirst(1, 5));
      assertThat(blocks.files().get(0).blocks()).allMatch(block -> block.shard() < 5);
    }
  }

  @Test
  void newEventOfAClosedBatchIsRejectedAndACopyIsADuplicate() throws Exception {
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.offer(JobEvents.at("10:02"));
      blocks.closeUpTo(batch);
      blocks.offer(JobEvents.at("10:02").from(1, 7));
      blocks.offer(JobEvents.at("23:59").by("d2"));
      blocks.offer(JobEvents.at(NEXT_DAY).by("d3"));

      assertThat(blocks.rejections()).containsExactly(RejectReason.BATCH_CLOSED);
      assertThat(blocks.tally().total().admitted).isEqualTo(2);
      assertThat(blocks.tally().total().duplicates).isEqualTo(1);
    }
  }

  @Test
  void everyShardRemembersTheCloseAndSaysItAgainInTheNextRunAlsoOneWithoutEvents()
      throws Exception {
    OperatorSubtaskState savepoint;
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.closeUpTo(batch);
      savepoint = blocks.snapshot();
    }
    try (BlockHarness blocks = start(1, 0, savepoint)) {
      offer(blocks, "10:02", 40);
      assertThat(blocks.rejections()).hasSize(40).containsOnly(RejectReason.BATCH_CLOSED);
      assertThat(blocks.sealed()).isEmpty();

      blocks.generation("run-2");
      assertThat(blocks.sealed()).isEqualTo(marks(0, 8));
    }
  }

  @Test
  void shardsSayNothingWhereNoBatchIsClosed() throws Exception {
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.generation("run-1");
      blocks.barrierComes(1);
      assertThat(blocks.sealed()).isEmpty();
    }
  }

  @Test
  void rescaleKeepsTheCloseOfEachShard() throws Exception {
    OperatorSubtaskState first;
    OperatorSubtaskState second;
    try (BlockHarness left = start(2, 0, null);
        BlockHarness right = start(2, 1, null)) {
      left.closeUpTo(batch);
      right.closeUpTo(batch);
      first = left.snapshot();
      second = right.snapshot();
    }
    OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(first, second);
    List<SealedUpTo> said = new ArrayList<>();
    for (int subtask = 0; subtask < 3; subtask++) {
      OperatorSubtaskState part =
          AbstractStreamOperatorTestHarness.repartitionOperatorState(
              all, settings.shards(), 2, 3, subtask);
      try (BlockHarness blocks = start(3, subtask, part)) {
        blocks.generation("run-2");
        said.addAll(blocks.sealed());
      }
    }
    assertThat(said).isEqualTo(marks(0, 8));
  }

  private BlockHarness start(int parallelism, int subtask, OperatorSubtaskState restored)
      throws Exception {
    return new BlockHarness(settings, parallelism, subtask, restored);
  }

  private static void offer(BlockHarness blocks, String time, int events) {
    for (int i = 0; i < events; i++) {
      blocks.offer(JobEvents.at(time).by("d" + i).id(time));
    }
  }

  private List<SealedUpTo> marks(int from, int to) {
    return IntStream.range(from, to)
        .mapToObj(shard -> new SealedUpTo(shard, batch, BatchNumbers.NONE))
        .toList();
  }

  private static List<Boolean> filesFirst(int files, int marks) {
    List<Boolean> isFile = new ArrayList<>(Collections.nCopies(files, true));
    isFile.addAll(Collections.nCopies(marks, false));
    return isFile;
  }
}
