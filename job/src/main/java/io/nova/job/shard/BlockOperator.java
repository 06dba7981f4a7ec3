package io.nova.job.shard;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.event.identity.FingerprintKey;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.job.ClassLoaderCleanup;
import io.nova.job.live.LivePublisher;
import io.nova.job.metrics.NovaMetrics;
import io.nova.job.metrics.OutcomeCounters;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.Duplicate;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.live.protocol.InternalTls;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.SealedBlock;
import io.nova.shard.Shard;
import io.nova.shard.ShardState;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.log.WitnessReader;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.ReadPositions;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Holds the shards of a subtask: offers them their events, seals their blocks when the frontier has
 * passed them, and writes the sealed blocks of one interval into one block file.
 *
 * <p>An operator of its own rather than a KeyedProcessFunction, because it visits all its keys at a
 * watermark and at a checkpoint. The key of a shard is one number in its own key group.
 */
public final class BlockOperator extends AbstractStreamOperator<BlockFile>
    implements OneInputStreamOperator<ShardMessage, BlockFile> {
  @Serial private static final long serialVersionUID = 1;

  private static final long MICROS_PER_MILLI = 1000;

  private final NovaSettings settings;
  private final ShardKeys keys;
  private final OutputTag<Rejected> rejected;
  private final OutputTag<Duplicate> duplicates;
  private final OutputTag<TallyReport> tallies;
  private transient BlockRules rules;
  private transient KeyedShards shards;
  private transient KeyedShardState state;
  private transient MemoryBudget memory;
  private transient Ledger ledger;
  private transient AdmissionHandler decisions;
  private transient BlockFileWriter files;
  private transient OutcomeCounters figures;
  private transient MemoryBudget.Relief relief;
  private transient ReadPositions readTo;
  private transient LivePublisher live;
  private transient long frontierMs;
  private transient volatile long frontierMicros;
  private transient volatile long openBlocks;

  public BlockOperator(
      NovaSettings settings,
      ShardKeys keys,
      OutputTag<Rejected> rejected,
      OutputTag<Duplicate> duplicates,
      OutputTag<TallyReport> tallies) {
    this.settings = settings;
    this.keys = keys;
    this.rejected = rejected;
    this.duplicates = duplicates;
    this.tallies = tallies;
  }

  @Override
  public void open() throws Exception {
    super.open();
    ClassLoaderCleanup.endWith(getRuntimeContext());
    rules = settings.blockRules();
    state = new KeyedShardState(getRuntimeContext(), settings.stateTtl());
    ColdCache cache = new ColdCache(settings.cacheBytes());
    WitnessReader witnesses = new WitnessReader(FingerprintKey.ofHex(settings.fingerprintKey()));
    shards =
        new KeyedShards(this, keys, number -> new Shard(number, rules, state, cache, witnesses));
    memory = new MemoryBudget(settings.memoryBudgetBytes(), cache);
    figures = new OutcomeCounters();
    ledger =
        new Ledger(
            settings.topic(), settings.mapping(), output, duplicates, getProcessingTimeService());
    decisions = new AdmissionHandler(settings, output, rejected, figures, ledger);
    frontierMs = Long.MIN_VALUE;
    frontierMicros = Shard.NO_TIME;
    EventTable table =
        EventTable.find(settings.warehouse())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        ("Warehouse %s has no table %s any more. It was there when the job was "
                                + "submitted: put it back.")
                            .formatted(settings.warehouse(), EventTable.NAME)));
    files = new BlockFileWriter(Storage.configuration(), table.dataFolder(), rules);
    relief = new Relief();
    readTo = new ReadPositions();
    restoreShards();
    live = new LivePublisher(settings, table, subtask(), shards.byNumber(), readTo, this::fetch);
    live.publishFromTimeToTime(getProcessingTimeService());
    registerMetrics();
  }

  private LivePublisher.Subtask subtask() {
    TaskInfo task = getRuntimeContext().getTaskInfo();
    KeyGroupRange groups =
        KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
            settings.shards(), task.getNumberOfParallelSubtasks(), task.getIndexOfThisSubtask());
    TaskManagerRuntimeInfo taskManager = getContainingTask().getEnvironment().getTaskManagerInfo();
    return new LivePublisher.Subtask(
        task.getIndexOfThisSubtask(),
        task.getAttemptNumber(),
        taskManager.getTaskManagerExternalAddress(),
        InternalTls.of(taskManager.getConfiguration()),
        IntStream.rangeClosed(groups.getStartKeyGroup(), groups.getEndKeyGroup()).boxed().toList());
  }

  /** Any thread: the segment is read by the task thread, between two events. */
  private CompletableFuture<byte @Nullable []> fetch(int shard, ShardState.SegmentId id) {
    CompletableFuture<byte @Nullable []> fetched = new CompletableFuture<>();
    ScheduledFuture<?> unused =
        getProcessingTimeService()
            .registerTimer(
                getProcessingTimeService().getCurrentProcessingTime(),
                now -> shards.with(shard, s -> fetched.complete(state.segment(id))));
    return fetched;
  }

  /** Gives memory back. */
  private final class Relief implements MemoryBudget.Relief {
    @Override
    public void spill() {
      BlockOperator.this.spill();
    }

    @Override
    public void seal(long interval) {
      evict(shard -> shard.openIntervals().contains(interval) ? List.of(interval) : List.of());
    }
  }

  void spill() {
    shards.visit(Shard::spill);
    live.changed();
  }

  long memoryUsedBytes() {
    return memory.usedBytes();
  }

  private void restoreShards() {
    try (Stream<Integer> known =
        this.<Integer>getKeyedStateBackend()
            .getKeys(KeyedShardState.HEADER, VoidNamespace.INSTANCE)) {
      shards.restore(known.toList(), memory::afterRestore);
    }
    for (Shard shard : shards.all()) {
      figures.add(shard.tally().total());
      readTo.readAll(shard.readTo().asMap());
    }
    noteFigures();
  }

  private void registerMetrics() {
    NovaMetrics metrics = new NovaMetrics(getMetricGroup());
    metrics.gauge("admitted", figures::admittedCount);
    metrics.gauge("duplicates", figures::duplicateCount);
    metrics.rejected(
        figures,
        List.of(
            RejectReason.TOO_LATE,
            RejectReason.CONFLICTING,
            RejectReason.UNKNOWN,
            RejectReason.BATCH_CLOSED));
    metrics.gauge("memoryUsedBytes", this::memoryUsedBytes);
    metrics.gauge("memoryBudgetBytes", memory::budgetBytes);
    metrics.gauge("memoryPressure", () -> memory.pressure().level());
    metrics.gauge("openBlocks", () -> openBlocks);
    metrics.gauge("frontierMicros", () -> frontierMicros);
  }

  @Override
  public void processElement(StreamRecord<ShardMessage> element) {
    ShardMessage message = element.getValue();
    Shard shard = shards.current(message.shard);
    if (message.event != null) {
      readTo.read(message.event.partition, message.event.offset);
      decisions.decide(shard, message.event);
      live.changed();
      memory.afterEvent(message.event.row.length, shards.all(), relief);
    } else if (message.progress != null) {
      advance(shard, message.progress);
    } else {
      live.begin(Objects.requireNonNull(message.generation));
    }
  }

  private void advance(Shard shard, PartitionProgress progress) {
    if (progress.offset > readTo.of(progress.partition)) {
      readTo.read(progress.partition, progress.offset);
      live.changed();
    }
    if (progress.uploadMicros != Shard.NO_TIME) {
      shard.advancePartition(progress.partition, progress.uploadMicros, settings.partitions());
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
      frontierMs = Math.max(frontierMs, mark.getTimestamp());
      shards.all().forEach(shard -> shard.advanceFrontier(frontierMs * MICROS_PER_MILLI));
      evict(Shard::due);
      noteFigures();
    }
    super.processWatermark(mark);
  }

  /** Seals what is still open: nothing follows. Comes with a drain only. */
  @Override
  public void finish() throws Exception {
    ledger.write();
    evict(Shard::openIntervals);
    noteFigures();
    live.drained();
    super.finish();
  }

  /** Seals these blocks of every shard, and writes a file for each interval. */
  private void evict(Function<Shard, List<Long>> which) {
    TreeMap<Long, List<Integer>> leaving = new TreeMap<>();
    shards
        .byNumber()
        .forEach(
            (number, shard) ->
                which
                    .apply(shard)
                    .forEach(
                        interval ->
                            leaving.computeIfAbsent(interval, i -> new ArrayList<>()).add(number)));
    leaving.forEach(this::evict);
  }

  /** One block is in memory at a time: each is sealed when the file comes to it. */
  private void evict(long interval, List<Integer> numbers) {
    Iterable<SealedBlock> blocks =
        () -> numbers.stream().map(n -> shards.with(n, shard -> shard.seal(interval))).iterator();
    BlockFile file = files.write(interval, settings.batchOf(interval), blocks);
    live.sealed(file);
    output.collect(new StreamRecord<>(file));
  }

  private void noteFigures() {
    openBlocks = shards.all().stream().mapToLong(s -> s.openIntervals().size()).sum();
    frontierMicros =
        shards.all().stream().mapToLong(Shard::frontierMicros).min().orElse(Shard.NO_TIME);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    ledger.write();
    Tally tally = new Tally();
    shards.all().forEach(shard -> tally.add(shard.tally()));
    output.collect(tallies, new StreamRecord<>(TallyReport.of(checkpointId, tally)));
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    live.checkpointCompleted(checkpointId);
  }

  @Override
  public void close() throws Exception {
    if (live != null) {
      live.close();
    }
    super.close();
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    Map<Integer, Long> read = readTo.asMap();
    Ancestry ancestry = live.checkpointTaken(context.getCheckpointId());
    shards.visit(
        shard -> {
          shard.readTo().readAll(read);
          shard.takenBy(ancestry);
          shard.flush();
        });
    super.snapshotState(context);
  }
}
