package io.nova.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.block.BlockFile;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.kafka.Duplicate;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockOperatorTest {
  private static final OutputTag<Rejected> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejected.class));
  private static final OutputTag<Duplicate> DUPLICATES =
      new OutputTag<>("duplicates", TypeInformation.of(Duplicate.class));
  private static final OutputTag<TallyReport> TALLIES =
      new OutputTag<>("tallies", TypeInformation.of(TallyReport.class));

  @TempDir Path folder;
  private NovaSettings settings;
  private ShardKeys keys;

  @BeforeEach
  void tableIsBorn() {
    settings = new TestWarehouse(folder).settings;
    keys = new ShardKeys(settings.shards());
  }

  @Test
  void secondCopyIsDroppedAndOneRowReachesTheFile() throws Exception {
    try (var blocks = start(1, 0, null)) {
      offer(blocks, Events.at("10:02"));
      offer(blocks, Events.at("10:02").from(1, 7));
      offer(blocks, Events.at("10:03").by("d2"));
      watermark(blocks, "10:20");

      assertThat(files(blocks)).extracting(BlockFile::rows).containsExactly(2L);
      assertThat(tally(blocks).total().admitted).isEqualTo(2);
      assertThat(tally(blocks).total().duplicates).isEqualTo(1);
    }
  }

  @Test
  void admittedRowsSurviveARestoreInTheMiddleOfABlock() throws Exception {
    OperatorSubtaskState savepoint;
    try (var blocks = start(1, 0, null)) {
      IntStream.range(0, 500).forEach(i -> offer(blocks, Events.at("10:02").by("d" + i)));
      savepoint = blocks.snapshot(1, 1);
    }
    try (var blocks = start(1, 0, savepoint)) {
      IntStream.range(0, 500).forEach(i -> offer(blocks, Events.at("10:02").by("d" + i)));
      offer(blocks, Events.at("10:02").by("new"));
      watermark(blocks, "10:30");

      assertThat(files(blocks)).extracting(BlockFile::rows).containsExactly(501L);
      assertThat(tally(blocks).total().duplicates).isEqualTo(500);
      assertThat(tally(blocks).total().admitted).isEqualTo(501);
    }
  }

  @Test
  void resentEventIsDroppedAfterItsBlockLeftAndTheJobStoppedForADay() throws Exception {
    OperatorSubtaskState savepoint;
    try (var blocks = start(1, 0, null)) {
      offer(blocks, Events.at("10:02"));
      watermark(blocks, "12:00");
      savepoint = blocks.snapshot(1, 1);
    }
    try (var blocks = start(1, 0, savepoint)) {
      blocks.setStateTtlProcessingTime(Duration.ofHours(25).toMillis());
      offer(blocks, Events.at("10:02"));

      assertThat(tally(blocks).total().duplicates).isEqualTo(1);
    }
  }

  @Test
  void eventIsRefusedAsUnknownWhereTheBackstopForgotItsBlock() throws Exception {
    try (var blocks = start(1, 0, null)) {
      blocks.setStateTtlProcessingTime(0);
      offer(blocks, Events.at("10:02"));
      watermark(blocks, "12:00");
      OperatorSubtaskState savepoint = blocks.snapshot(1, 1);
      try (var later = start(1, 0, savepoint)) {
        later.setStateTtlProcessingTime(Duration.ofDays(8).toMillis());
        offer(later, Events.at("10:02"));

        assertThat(rejections(later)).containsExactly(RejectReason.UNKNOWN);
        assertThat(tally(later).total().rejectedInAll()).isEqualTo(1);
      }
    }
  }

  @Test
  void tooLateFollowsTheSlowestPartition() throws Exception {
    try (var blocks = start(1, 0, null)) {
      progress(blocks, 0, "2026-03-05 00:00:00.000000");
      offer(blocks, Events.at("10:02"));
      assertThat(tally(blocks).total().admitted).isEqualTo(1);

      progress(blocks, 1, "2026-03-05 00:00:00.000000");
      offer(blocks, Events.at("10:02").by("d2"));
      assertThat(rejections(blocks)).containsExactly(RejectReason.TOO_LATE);
    }
  }

  @Test
  void rescalingFromTwoToThreeKeepsEveryDecision() throws Exception {
    OperatorSubtaskState first;
    OperatorSubtaskState second;
    try (var left = start(2, 0, null);
        var right = start(2, 1, null)) {
      for (int i = 0; i < 200; i++) {
        offerToOwner(List.of(left, right), Events.at("10:02").by("d" + i));
      }
      first = left.snapshot(1, 1);
      second = right.snapshot(1, 1);
    }
    OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(first, second);
    try (var one = start(3, 0, part(all, 2, 3, 0));
        var two = start(3, 1, part(all, 2, 3, 1));
        var three = start(3, 2, part(all, 2, 3, 2))) {
      var subtasks = List.of(one, two, three);
      for (int i = 0; i < 200; i++) {
        offerToOwner(subtasks, Events.at("10:02").by("d" + i));
      }
      Tally sum = new Tally();
      for (var subtask : subtasks) {
        sum.add(tally(subtask));
      }
      assertThat(sum.total().admitted).isEqualTo(200);
      assertThat(sum.total().duplicates).isEqualTo(200);
    }
  }

  @Test
  void drainSealsEverythingAndIsNotRememberedAsTheFrontier() throws Exception {
    OperatorSubtaskState savepoint;
    try (var blocks = start(1, 0, null)) {
      offer(blocks, Events.at("10:02"));
      watermark(blocks, "10:03");
      blocks.processWatermark(Long.MAX_VALUE);
      blocks.endInput();
      blocks.getOperator().finish();
      assertThat(files(blocks)).hasSize(1);
      savepoint = blocks.snapshot(1, 1);
    }
    try (var blocks = start(1, 0, savepoint)) {
      offer(blocks, Events.at("10:04").by("d2"));
      watermark(blocks, "10:05");
      assertThat(files(blocks)).isEmpty();
      watermark(blocks, "10:15");
      assertThat(files(blocks)).hasSize(1);
    }
  }

  private KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile> start(
      int parallelism, int subtask, OperatorSubtaskState restored) throws Exception {
    ShardKeys shardKeys = keys;
    var harness =
        new KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile>(
            new BlockOperator(settings, keys, REJECTED, DUPLICATES, TALLIES),
            message -> shardKeys.keyOf(message.shard),
            Types.INT,
            settings.shards(),
            parallelism,
            subtask);
    harness.setStateBackend(new EmbeddedRocksDBStateBackend());
    harness.setup();
    if (restored != null) {
      harness.initializeState(restored);
    }
    harness.open();
    return harness;
  }

  private OperatorSubtaskState part(OperatorSubtaskState all, int from, int to, int subtask) {
    return AbstractStreamOperatorTestHarness.repartitionOperatorState(
        all, settings.shards(), from, to, subtask);
  }

  private static void offer(
      KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile> blocks,
      Events event) {
    Received received = event.received();
    process(blocks, ShardMessage.of(received.shard, Objects.requireNonNull(received.event)));
  }

  private static void process(
      KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile> blocks,
      ShardMessage message) {
    try {
      blocks.processElement(message, 0);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private void offerToOwner(
      List<KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile>> subtasks,
      Events event) {
    int owner = event.received().shard * subtasks.size() / settings.shards();
    offer(subtasks.get(owner), event);
  }

  private void progress(
      KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile> blocks,
      int partition,
      String time) {
    long micros = Objects.requireNonNull(Events.at(time).received().event).uploadMicros;
    for (int shard = 0; shard < settings.shards(); shard++) {
      process(blocks, ShardMessage.of(shard, partition, micros));
    }
  }

  private static void watermark(
      KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile> blocks, String time)
      throws Exception {
    blocks.processWatermark(
        LocalDateTime.parse("2026-03-02T" + time).toInstant(ZoneOffset.UTC).toEpochMilli());
  }

  private static List<BlockFile> files(
      KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile> blocks) {
    return blocks.extractOutputValues();
  }

  private static List<RejectReason> rejections(
      KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile> blocks) {
    List<RejectReason> reasons = new ArrayList<>();
    blocks.getSideOutput(REJECTED).forEach(r -> reasons.add(r.getValue().reason));
    return reasons;
  }

  private static Tally tally(
      KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockFile> blocks)
      throws Exception {
    blocks.getOperator().prepareSnapshotPreBarrier(99);
    byte[] last = new byte[0];
    for (var record : blocks.getSideOutput(TALLIES)) {
      last = record.getValue().tally;
    }
    return TallyCodec.read(last);
  }
}
