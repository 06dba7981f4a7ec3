package io.nova.job.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.job.JobEvents;
import io.nova.job.JobWarehouse;
import io.nova.job.options.NovaSettings;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockOperatorTest {
  @TempDir Path folder;
  private NovaSettings settings;

  @BeforeEach
  void tableIsBorn() {
    settings = new JobWarehouse(folder).settings;
  }

  @Test
  void secondCopyIsDroppedAndOneRowReachesTheFile() throws Exception {
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.offer(JobEvents.at("10:02"));
      blocks.offer(JobEvents.at("10:02").from(1, 7));
      blocks.offer(JobEvents.at("10:03").by("d2"));
      blocks.watermark("10:20");

      assertThat(blocks.files()).extracting(BlockFile::rows).containsExactly(2L);
      assertThat(blocks.tally().total().admitted).isEqualTo(2);
      assertThat(blocks.tally().total().duplicates).isEqualTo(1);
    }
  }

  @Test
  void admittedRowsSurviveARestoreInTheMiddleOfABlock() throws Exception {
    OperatorSubtaskState savepoint;
    try (BlockHarness blocks = start(1, 0, null)) {
      IntStream.range(0, 500).forEach(i -> blocks.offer(JobEvents.at("10:02").by("d" + i)));
      savepoint = blocks.snapshot();
    }
    try (BlockHarness blocks = start(1, 0, savepoint)) {
      IntStream.range(0, 500).forEach(i -> blocks.offer(JobEvents.at("10:02").by("d" + i)));
      blocks.offer(JobEvents.at("10:02").by("new"));
      blocks.watermark("10:30");

      assertThat(blocks.files()).extracting(BlockFile::rows).containsExactly(501L);
      assertThat(blocks.tally().total().duplicates).isEqualTo(500);
      assertThat(blocks.tally().total().admitted).isEqualTo(501);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {11, 25 * 60})
  void resentEventIsDroppedAfterItsBlockLeftAndTheJobStopped(int minutes) throws Exception {
    OperatorSubtaskState savepoint;
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.offer(JobEvents.at("10:02"));
      blocks.watermark("12:00");
      savepoint = blocks.snapshot();
    }
    try (BlockHarness blocks = start(1, 0, savepoint)) {
      blocks.ttlClock(Duration.ofMinutes(minutes).toMillis());
      blocks.offer(JobEvents.at("10:02"));

      assertThat(blocks.tally().total().duplicates).isEqualTo(1);
    }
  }

  @Test
  void aRowThatIsReadAgainAfterACrashIsNotItsOwnDuplicate() throws Exception {
    OperatorSubtaskState checkpoint;
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.offer(JobEvents.at("10:02").by("before"));
      checkpoint = blocks.snapshot();
      blocks.offer(JobEvents.at("10:02"));
      assertThat(blocks.tally().total().admitted).isEqualTo(2);
    }
    try (BlockHarness blocks = start(1, 0, checkpoint)) {
      blocks.offer(JobEvents.at("10:02"));
      blocks.watermark("10:30");

      assertThat(blocks.tally().total().admitted).isEqualTo(2);
      assertThat(blocks.tally().total().duplicates).isZero();
      assertThat(blocks.files()).extracting(BlockFile::rows).containsExactly(2L);
    }
  }

  @Test
  void eventIsRejectedAsUnknownWhereTheBackstopForgotItsBlock() throws Exception {
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.ttlClock(0);
      blocks.offer(JobEvents.at("10:02"));
      blocks.watermark("12:00");
      OperatorSubtaskState savepoint = blocks.snapshot();
      try (BlockHarness later = start(1, 0, savepoint)) {
        later.ttlClock(Duration.ofDays(8).toMillis());
        later.offer(JobEvents.at("10:02"));

        assertThat(later.rejections()).containsExactly(RejectReason.UNKNOWN);
        assertThat(later.tally().total().rejectedInAll()).isEqualTo(1);
      }
    }
  }

  @Test
  void tooLateFollowsTheEventsOwnPartition() throws Exception {
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.progress(0, "2026-11-23 00:00:00");
      blocks.progress(1, "2026-11-23 00:00:00");
      blocks.offer(JobEvents.at("10:02"));
      blocks.offer(JobEvents.at("10:02").by("d2").after("2026-11-21 10:04:59"));
      assertThat(blocks.tally().total().admitted).isEqualTo(2);

      blocks.offer(JobEvents.at("10:02").by("d3").after("2026-11-23 00:00:00"));
      assertThat(blocks.rejections()).containsExactly(RejectReason.TOO_LATE);
    }
  }

  @Test
  void blocksAreSealedByMachineTimeWhereTheFrontierIsFarAhead() throws Exception {
    try (BlockHarness blocks = start(1, 0, null)) {
      for (int i = 0; i < 100; i++) {
        blocks.offer(JobEvents.at("10:02").by("d" + i));
      }
      blocks.watermark(28, "10:00");
      blocks.offer(JobEvents.at("10:02").by("late"));
      blocks.pass(Duration.ofMinutes(1));
      blocks.pass(Duration.ofMinutes(14));
      assertThat(blocks.files()).extracting(BlockFile::rows).containsExactly(100L);

      blocks.pass(Duration.ofMinutes(2));
      assertThat(blocks.files()).extracting(BlockFile::rows).containsExactly(100L, 1L);
    }
  }

  @Test
  void rescalingFromTwoToThreeKeepsEveryDecision() throws Exception {
    OperatorSubtaskState first;
    OperatorSubtaskState second;
    try (BlockHarness left = start(2, 0, null);
        BlockHarness right = start(2, 1, null)) {
      for (int i = 0; i < 200; i++) {
        offerToOwner(List.of(left, right), JobEvents.at("10:02").by("d" + i));
      }
      first = left.snapshot();
      second = right.snapshot();
    }
    OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(first, second);
    try (BlockHarness one = start(3, 0, part(all, 2, 3, 0));
        BlockHarness two = start(3, 1, part(all, 2, 3, 1));
        BlockHarness three = start(3, 2, part(all, 2, 3, 2))) {
      List<BlockHarness> subtasks = List.of(one, two, three);
      for (int i = 0; i < 200; i++) {
        offerToOwner(subtasks, JobEvents.at("10:02").by("d" + i));
      }
      Tally sum = new Tally();
      for (BlockHarness subtask : subtasks) {
        sum.add(subtask.tally());
      }
      assertThat(sum.total().admitted).isEqualTo(200);
      assertThat(sum.total().duplicates).isEqualTo(200);
    }
  }

  @Test
  void drainSealsEverythingAndIsNotRememberedAsTheFrontier() throws Exception {
    OperatorSubtaskState savepoint;
    try (BlockHarness blocks = start(1, 0, null)) {
      blocks.offer(JobEvents.at("10:02"));
      blocks.watermark("10:03");
      blocks.drain();
      assertThat(blocks.files()).hasSize(1);
      savepoint = blocks.snapshot();
    }
    try (BlockHarness blocks = start(1, 0, savepoint)) {
      blocks.offer(JobEvents.at("10:04").by("d2"));
      blocks.watermark("10:05");
      assertThat(blocks.files()).isEmpty();
      blocks.watermark("10:15");
      assertThat(blocks.files()).hasSize(1);
    }
  }

  private BlockHarness start(int parallelism, int subtask, OperatorSubtaskState restored)
      throws Exception {
    return new BlockHarness(settings, parallelism, subtask, restored);
  }

  private OperatorSubtaskState part(OperatorSubtaskState all, int from, int to, int subtask) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        all, settings.shards(), from, to, subtask);
  }

  private void offerToOwner(List<BlockHarness> subtasks, JobEvents event) {
    int owner = event.received().shard * subtasks.size() / settings.shards();
    subtasks.get(owner).offer(event);
  }
}
