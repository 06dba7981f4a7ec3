package io.nova.job.shard;

import io.nova.event.Micros;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.iceberg.BlockFileWriter;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.LastWindows;
import io.nova.job.ClassLoaderCleanup;
import io.nova.job.live.LivePublisher;
import io.nova.job.metrics.NovaMetrics;
import io.nova.job.metrics.OutcomeCounters;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.Admitted;
import io.nova.kafka.Duplicate;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.live.protocol.InternalTls;
import io.nova.metric.NovaMetric;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.Offer;
import io.nova.shard.Shard;
import io.nova.shard.ShardState;
import io.nova.shard.fingerprint.ColdCache;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.ReadPositions;
import java.io.Serial;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.runtime.state.KeyGroupRange;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.taskmanager.TaskManagerRuntimeInfo;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.YieldingOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the shards of a subtask: offers them their events, seals their blocks ({@link
 * BlockEviction}), closes batches ({@link BatchCloses}), and takes their state at a checkpoint.
 *
 * <p>It is not a KeyedProcessFunction, because it visits all its keys at a watermark and at a
 * checkpoint. The key of a shard is one number in its own key group.
 */
final class BlockOperator extends AbstractStreamOperator<BlockOutput>
    implements OneInputStreamOperator<ShardMessage, BlockOutput>, YieldingOperator<BlockOutput> {
  @Serial private static final long serialVersionUID = 1;

  private final NovaSettings settings;
  private final ShardKeys keys;
  private final OutputTag<Rejected> rejected;
  private final OutputTag<Duplicate> duplicates;
  private final OutputTag<Admitted> admitted;
  private final OutputTag<TallyReport> tallies;
  private final MailboxExecutor mailbox;
  private transient LastWindows lastWindows;
  private transient KeyedShards shards;
  private transient KeyedShardState state;
  private transient ColdCache cache;
  private transient MemoryBudget memory;
  private transient Ledger ledger;
  private transient AdmittedStream stream;
  private transient AdmissionHandler decisions;
  private transient BlockEviction eviction;
  private transient BatchCloses closes;
  private transient OutcomeCounters figures;
  private transient MemoryBudget.Relief relief;
  private transient ReadPositions readTo;
  private transient ReadPositions completeTo;
  private transient PartitionWatch partitions;
  private transient LivePublisher live;

  BlockOperator(
      StreamOperatorParameters<BlockOutput> parameters,
      NovaSettings settings,
      ShardKeys keys,
      OutputTag<Rejected> rejected,
      OutputTag<Duplicate> duplicates,
      OutputTag<Admitted> admitted,
      OutputTag<TallyReport> tallies) {
    super(parameters);
    this.mailbox = parameters.getMailboxExecutor();
    this.settings = settings;
    this.keys = keys;
    this.rejected = rejected;
    this.duplicates = duplicates;
    this.admitted = admitted;
    this.tallies = tallies;
  }

  @Override
  public void open() throws Exception {
    super.open();
    ClassLoaderCleanup.endWith(getRuntimeContext());
    BlockRules rules = settings.blockRules();
    state = new KeyedShardState(getRuntimeContext(), settings.stateTtl());
    cache = new ColdCache(settings.cacheBytes());
    shards = new KeyedShards(this, keys, this::begin);
    memory = new MemoryBudget(settings.memoryBudgetBytes(), cache);
    figures = new OutcomeCounters();
    ledger =
        new Ledger(
            settings.topic(), settings.mapping(), output, duplicates, getProcessingTimeService());
    stream = new AdmittedStream(settings, output, admitted);
    decisions = new AdmissionHandler(settings, output, rejected, figures, ledger, stream);
    EventTable table =
        EventTable.find(settings.catalog())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        ("Warehouse %s has no table %s any more. It was there when the job was "
                                + "submitted: put it back.")
                            .formatted(settings.catalog().warehouse(), EventTable.NAME)));
    relief = new Relief();
    readTo = new ReadPositions();
    completeTo = new ReadPositions();
    partitions =
        new PartitionWatch(
            settings.topic(), settings.partitions(), rules.latenessLimit().toNanos() / 1000);
    lastWindows = new LastWindows(table, rules, Set.copyOf(subtask().shards()));
    restoreShards();
    LivePublisher.Subtask subtask = subtask();
    live =
        new LivePublisher(
            settings, table, subtask, shards.byNumber(), readTo, completeTo, this::fetch);
    live.publishFromTimeToTime(getProcessingTimeService());
    BlockFileWriter files = new BlockFileWriter(Storage.configuration(), table.dataFolder(), rules);
    eviction = new BlockEviction(settings, shards, files, this::sealed, getProcessingTimeService());
    eviction.sealFromTimeToTime();
    closes =
        new BatchCloses(
            settings,
            shards,
            subtask.shards().size(),
            eviction,
            lastWindows.completedUpTo(),
            this::sealedUpTo);
    registerMetrics();
  }

  private Shard begin(int number) {
    Shard shard =
        new Shard(number, settings.blockRules(), state, cache, settings.progressNotAfterMicros());
    shard.handOff(lastWindows.of(number, shard.closedBelow()));
    return shard;
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

  /** Reads a segment for any thread. The task thread does it, between two events. */
  private CompletableFuture<byte @Nullable []> fetch(int shard, ShardState.SegmentId id) {
    CompletableFuture<byte @Nullable []> fetched = new CompletableFuture<>();
    try {
      mailbox.execute(
          () -> shards.with(shard, s -> fetched.complete(state.segment(id))), "read a segment");
    } catch (RejectedExecutionException ended) {
      fetched.completeExceptionally(ended);
    }
    return fetched;
  }

  /** Frees memory. */
  private final class Relief implements MemoryBudget.Relief {
    @Override
    public void spill() {
      BlockOperator.this.spill();
    }

    @Override
    public void seal(long interval) {
      eviction.seal(interval);
    }
  }

  void spill() {
    shards.visit(Shard::spill);
    live.changed();
  }

  long fingerprintsHeldByPartition() {
    return partitions.heldBy();
  }

  long memoryUsedBytes() {
    return memory.usedBytes();
  }

  long serves() {
    return live.serves() ? 1 : 0;
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
      completeTo.readAll(shard.readTo().asMap());
      shard.progressMicros().forEach(partitions::advance);
    }
  }

  private void registerMetrics() {
    NovaMetrics metrics = new NovaMetrics(getMetricGroup());
    metrics.decided(figures);
    metrics.rejected(
        figures,
        List.of(
            RejectReason.TOO_LATE,
            RejectReason.CONFLICTING,
            RejectReason.UNKNOWN,
            RejectReason.BATCH_CLOSED,
            RejectReason.HANDED_OFF));
    metrics.gauge(NovaMetric.MEMORY_USED, this::memoryUsedBytes);
    metrics.gauge(NovaMetric.MEMORY_BUDGET, memory::budgetBytes);
    metrics.gauge(NovaMetric.MEMORY_PRESSURE, () -> memory.pressure().level());
    metrics.gauge(NovaMetric.FINGERPRINTS_HELD_BY, partitions::heldBy);
    metrics.gauge(NovaMetric.OPEN_BLOCKS, eviction::openBlocks);
    if (settings.live().on()) {
      metrics.gauge(NovaMetric.LIVE_SERVED, this::serves);
    }
    metrics.gauge(NovaMetric.FRONTIER, eviction::frontierMicros);
  }

  @Override
  public void processElement(StreamRecord<ShardMessage> element) {
    ShardMessage message = element.getValue();
    Shard shard = shards.current(message.shard);
    if (message.event != null) {
      decidedAt(message.event);
      decisions.decide(shard, message.event);
      live.changed();
      memory.afterEvent(
          message.event.row.length + shard.takeBuiltIndexBytes(), shards.all(), relief);
    } else if (message.progress != null) {
      advance(shard, message.progress);
    } else if (message.closeUpTo != null) {
      closes.closeUpTo(message.closeUpTo, message.shard, shard);
    } else {
      live.begin(Objects.requireNonNull(message.generation));
      stream.begin(message.generation);
      closes.begin(message.shard, shard);
    }
  }

  /** More elements of an element's message may follow, so only earlier messages are complete. */
  private void decidedAt(Offer event) {
    readTo.read(event.partition, event.offset);
    completeTo.read(event.partition, event.element ? event.offset - 1 : event.offset);
  }

  private void advance(Shard shard, PartitionProgress progress) {
    if (progress.offset > readTo.of(progress.partition)
        || progress.offset > completeTo.of(progress.partition)) {
      readTo.read(progress.partition, progress.offset);
      completeTo.read(progress.partition, progress.offset);
      live.changed();
    }
    if (progress.uploadMicros != Micros.UNKNOWN) {
      partitions.advance(progress.partition, progress.uploadMicros);
      shard.advancePartition(progress.partition, progress.uploadMicros, settings.partitions());
    }
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
      eviction.advance(mark.getTimestamp());
    }
    super.processWatermark(mark);
  }

  /** Seals all open blocks: no event follows. Flink calls it at a drain only. */
  @Override
  public void finish() throws Exception {
    ledger.write();
    stream.write();
    eviction.sealAll();
    live.drained();
    super.finish();
  }

  private void sealed(BlockFile file) {
    live.sealed(file);
    output.collect(new StreamRecord<>(BlockOutput.of(file)));
  }

  private void sealedUpTo(SealedUpTo sealed) {
    output.collect(new StreamRecord<>(BlockOutput.of(sealed)));
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    ledger.write();
    stream.write();
    closes.seal();
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
    lastWindows.release();
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
