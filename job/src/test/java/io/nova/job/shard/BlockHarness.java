package io.nova.job.shard;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.job.JobEvents;
import io.nova.job.metrics.TallyCodec;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.Admitted;
import io.nova.kafka.Duplicate;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.shard.BlockFile;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.storage.JobManagerCheckpointStorage;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.mailbox.Mail;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** One subtask of the block operator on RocksDB. */
public final class BlockHarness implements AutoCloseable {
  private static final OutputTag<Rejected> REJECTED =
      new OutputTag<>("rejected", TypeInformation.of(Rejected.class));
  private static final OutputTag<Duplicate> DUPLICATES =
      new OutputTag<>("duplicates", TypeInformation.of(Duplicate.class));
  private static final OutputTag<Admitted> ADMITTED =
      new OutputTag<>("admitted", TypeInformation.of(Admitted.class));
  private static final OutputTag<TallyReport> TALLIES =
      new OutputTag<>("tallies", TypeInformation.of(TallyReport.class));

  /** Larger than the default of 5 MB, which files that RocksDB has not compacted yet can exceed. */
  private static final int MAX_STATE_BYTES = 64 << 20;

  private final NovaSettings settings;
  private final KeyGroupRange shards;
  private long nowMs;
  private final KeyedOneInputStreamOperatorTestHarness<Integer, ShardMessage, BlockOutput> flink;

  /** A subtask that has begun, from a savepoint where there is one. */
  public BlockHarness(
      NovaSettings settings, int parallelism, int subtask, @Nullable OperatorSubtaskState restored)
      throws Exception {
    this.settings = settings;
    shards =
        KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
            settings.shards(), parallelism, subtask);
    ShardKeys keys = new ShardKeys(settings.shards());
    flink =
        new KeyedOneInputStreamOperatorTestHarness<>(
            new BlockOperatorFactory(settings, keys, REJECTED, DUPLICATES, ADMITTED, TALLIES),
            message -> keys.keyOf(message.shard),
            Types.INT,
            settings.shards(),
            parallelism,
            subtask);
    flink.setStateBackend(new EmbeddedRocksDBStateBackend());
    flink.setCheckpointStorage(new JobManagerCheckpointStorage(MAX_STATE_BYTES));
    flink.setup();
    if (restored != null) {
      flink.initializeState(restored);
    }
    flink.open();
  }

  public void offer(JobEvents event) {
    Received received = event.received();
    process(ShardMessage.of(received.shard, Objects.requireNonNull(received.event)));
  }

  void process(ShardMessage message) {
    try {
      flink.processElement(message, 0);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  void progress(int partition, String time) {
    progress(partition, time, -1);
  }

  public void progress(int partition, String time, long offset) {
    long micros = Objects.requireNonNull(JobEvents.at(time).received().event).uploadMicros;
    for (int shard = 0; shard < settings.shards(); shard++) {
      process(ShardMessage.of(shard, PartitionProgress.of(partition, micros, offset)));
    }
  }

  /** The run of the job begins. */
  public void generation(String drawn) {
    for (int shard : shards) {
      process(ShardMessage.of(shard, drawn));
    }
  }

  /** The batches up to one are closed. */
  void closeUpTo(long batch) {
    for (int shard : shards) {
      process(ShardMessage.closeUpTo(shard, batch));
    }
  }

  /** Memory is short: rows leave it for the log. */
  public void spill() {
    ((BlockOperator) flink.getOperator()).spill();
  }

  /** The heap in use, as the operator saw it last. */
  long memoryUsedBytes() {
    return ((BlockOperator) flink.getOperator()).memoryUsedBytes();
  }

  /** The metric that shows whether the live view is served. */
  public boolean serves() {
    return ((BlockOperator) flink.getOperator()).serves() == 1;
  }

  /** The partition that holds fingerprints in state. */
  long fingerprintsHeldByPartition() {
    return ((BlockOperator) flink.getOperator()).fingerprintsHeldByPartition();
  }

  /**
   * The machine's clock moves on: the live view is published, and the task thread's mail is done.
   */
  public void pass(Duration time) throws Exception {
    nowMs += time.toMillis();
    flink.setProcessingTime(nowMs);
    for (Mail mail : flink.getTaskMailbox().drain()) {
      mail.run();
    }
  }

  public void watermark(String time) throws Exception {
    flink.processWatermark(
        LocalDateTime.parse("%sT%s".formatted(Events.DAY, time))
            .toInstant(ZoneOffset.UTC)
            .toEpochMilli());
  }

  /** A watermark on a day of November 2026. */
  void watermark(int day, String time) throws Exception {
    flink.processWatermark(
        LocalDateTime.parse("2026-11-%02dT%s".formatted(day, time))
            .toInstant(ZoneOffset.UTC)
            .toEpochMilli());
  }

  /** The end of the stream, as a drain has it. */
  public void drain() throws Exception {
    flink.processWatermark(Long.MAX_VALUE);
    flink.endInput();
    flink.getOperator().finish();
  }

  /** What a task does before it lets a checkpoint's barrier pass. */
  void barrierComes(long id) throws Exception {
    flink.getOperator().prepareSnapshotPreBarrier(id);
  }

  public OperatorSubtaskState snapshot() throws Exception {
    return snapshot(1);
  }

  public OperatorSubtaskState snapshot(long id) throws Exception {
    return flink.snapshot(id, 1);
  }

  /** A checkpoint has been completed. */
  public void complete(long id) throws Exception {
    flink.notifyOfCompletedCheckpoint(id);
  }

  /** Moves the clock of the time to live. */
  void ttlClock(long millis) {
    flink.setStateTtlProcessingTime(millis);
  }

  public List<BlockFile> files() {
    List<BlockFile> files = new ArrayList<>();
    for (BlockOutput output : flink.extractOutputValues()) {
      if (output.file != null) {
        files.add(output.file);
      }
    }
    return files;
  }

  /** What the shards have said about closed batches. */
  List<SealedUpTo> sealed() {
    List<SealedUpTo> sealed = new ArrayList<>();
    for (BlockOutput output : flink.extractOutputValues()) {
      if (output.sealed != null) {
        sealed.add(output.sealed);
      }
    }
    return sealed;
  }

  /** For each output in order, whether it is a file. */
  List<Boolean> outputIsFile() {
    return flink.extractOutputValues().stream().map(output -> output.file != null).toList();
  }

  List<RejectReason> rejections() {
    List<RejectReason> reasons = new ArrayList<>();
    ConcurrentLinkedQueue<StreamRecord<Rejected>> rejected = flink.getSideOutput(REJECTED);
    if (rejected != null) {
      rejected.forEach(r -> reasons.add(r.getValue().reason));
    }
    return reasons;
  }

  List<Duplicate> duplicates() {
    List<Duplicate> duplicates = new ArrayList<>();
    ConcurrentLinkedQueue<StreamRecord<Duplicate>> dropped = flink.getSideOutput(DUPLICATES);
    if (dropped != null) {
      dropped.forEach(d -> duplicates.add(d.getValue()));
    }
    return duplicates;
  }

  List<Admitted> admitted() {
    List<Admitted> events = new ArrayList<>();
    ConcurrentLinkedQueue<StreamRecord<Admitted>> sent = flink.getSideOutput(ADMITTED);
    if (sent != null) {
      sent.forEach(event -> events.add(event.getValue()));
    }
    return events;
  }

  Tally tally() throws Exception {
    barrierComes(99);
    byte[] last = new byte[0];
    for (StreamRecord<TallyReport> record : flink.getSideOutput(TALLIES)) {
      last = record.getValue().tally;
    }
    return TallyCodec.read(last);
  }

  @Override
  public void close() throws Exception {
    flink.close();
  }
}
