package io.nova.job;

import io.nova.block.Ancestry;
import io.nova.block.BlockFile;
import io.nova.block.BlockFileWriter;
import io.nova.block.BlockRules;
import io.nova.block.ColdCache;
import io.nova.block.Offer;
import io.nova.block.ReadPositions;
import io.nova.block.SealedBlock;
import io.nova.block.Shard;
import io.nova.block.ShardState;
import io.nova.block.Witness;
import io.nova.cluster.InternalTls;
import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.kafka.Duplicate;
import io.nova.kafka.Offered;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.table.EventTable;
import io.nova.table.Storage;
import java.io.Serial;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
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
final class BlockOperator extends AbstractStreamOperator<BlockFile>
    implements OneInputStreamOperator<ShardMessage, BlockFile> {
  @Serial private static final long serialVersionUID = 1;

  private static final long MICROS_PER_MILLI = 1000;

  private final NovaSettings settings;
  private final ShardKeys keys;
  private final OutputTag<Rejected> rejected;
  private final OutputTag<Duplicate> duplicates;
  private final OutputTag<TallyReport> tallies;
  private transient BlockRules rules;
  private transient Map<Integer, Shard> shards;
  private transient KeyedShardState state;
  private transient ColdCache cache;
  private transient MemoryBudget memory;
  private transient Offer offer;
  private transient Ledger ledger;
  private transient BlockFileWriter files;
  private transient Figures figures;
  private transient MemoryBudget.Relief relief;
  private transient ReadPositions readTo;
  private transient LivePublisher live;
  private transient long frontierMs;
  private transient volatile long frontierMicros;
  private transient volatile long openBlocks;

  BlockOperator(
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
    LeftBehind.endWith(getRuntimeContext());
    rules = settings.blockRules();
    shards = new TreeMap<>();
    state = new KeyedShardState(getRuntimeContext(), settings.stateTtl());
    cache = new ColdCache(settings.cacheBytes());
    memory = new MemoryBudget(settings.memoryBudgetBytes(), cache);
    offer = new Offer();
    ledger = new Ledger(settings.topic(), settings.mapping());
    figures = new Figures();
    frontierMs = Long.MIN_VALUE;
    frontierMicros = Shard.NO_TIME;
    EventTable table =
        EventTable.find(settings.warehouse())
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "Warehouse "
                            + settings.warehouse()
                            + " has no table "
                            + EventTable.NAME
                            + " any more. It was there when the job was submitted: put it back."));
    files = new BlockFileWriter(Storage.configuration(), table.dataFolder(), rules);
    relief = new Relief();
    readTo = new ReadPositions();
    restoreShards();
    live = new LivePublisher(settings, table, subtask(), shards, readTo, this::fetch);
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
    var unused =
        getProcessingTimeService()
            .registerTimer(
                getProcessingTimeService().getCurrentProcessingTime(),
                now -> withKeyOf(shard, () -> fetched.complete(state.segment(id))));
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
    visitShards(Shard::spill);
    live.changed();
  }

  private void restoreShards() {
    List<Integer> restored;
    try (Stream<Integer> known =
        this.<Integer>getKeyedStateBackend()
            .getKeys(KeyedShardState.HEADER, VoidNamespace.INSTANCE)) {
      restored = known.toList();
    }
    for (int key : restored) {
      setCurrentKey(key);
      Shard shard = shard(keys.shardOf(key));
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
    metrics.gauge("memoryUsedBytes", memory::usedBytes);
    metrics.gauge("memoryBudgetBytes", memory::budgetBytes);
    metrics.gauge("memoryPressure", () -> memory.pressure().level());
    metrics.gauge("openBlocks", () -> openBlocks);
    metrics.gauge("frontierMicros", () -> frontierMicros);
  }

  /** The shard with this number, which must be the current key. */
  private Shard shard(int number) {
    return shards.computeIfAbsent(number, n -> new Shard(n, rules, state, cache));
  }

  @Override
  public void processElement(StreamRecord<ShardMessage> element) {
    ShardMessage message = element.getValue();
    Shard shard = shard(message.shard);
    if (message.event != null) {
      readTo.read(message.event.partition, message.event.offset);
      offer(shard, message.event);
      live.changed();
      memory.afterEvent(shards.values(), relief);
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

  private void offer(Shard shard, Offered event) {
    offer.of(event.high, event.low, event.uploadMicros, event.row, event.windowBlocks);
    if (event.witnessed) {
      Witness witness =
          new Witness(event.payload, event.uploadMicros, event.partition, event.offset);
      offer.witnessed(witness, event.conflict);
    }
    switch (shard.offer(offer)) {
      case ADMITTED, ADMITTED_BESIDE -> {
        figures.admitted();
        shard.tally().of(event.app).admitted++;
        shard.newest().admitted(event.partition, event.uploadMicros, event.eventMicros);
      }
      case DUPLICATE -> {
        figures.duplicate();
        shard.tally().of(event.app).duplicates++;
        if (settings.ledger()) {
          output.collect(duplicates, new StreamRecord<>(ledger.entry(event, shard)));
        }
      }
      case CONFLICTING ->
          reject(
              shard,
              event,
              RejectReason.CONFLICTING,
              "an admitted event of its identity has another payload");
      case TOO_LATE ->
          reject(
              shard,
              event,
              RejectReason.TOO_LATE,
              "older than the dedup horizon, " + rules.horizon() + ", below the slowest partition");
      case UNKNOWN ->
          reject(
              shard,
              event,
              RejectReason.UNKNOWN,
              "a block that could hold its earlier copy is no longer in state");
    }
  }

  private void reject(Shard shard, Offered event, RejectReason reason, String detail) {
    figures.rejected(reason);
    shard.tally().rejected(event.app, reason);
    output.collect(
        rejected,
        new StreamRecord<>(
            Rejected.of(
                reason, detail, settings.topic(), event.partition, event.offset, event.original)));
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    if (mark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
      frontierMs = Math.max(frontierMs, mark.getTimestamp());
      shards.values().forEach(shard -> shard.advanceFrontier(frontierMs * MICROS_PER_MILLI));
      evict(Shard::due);
      noteFigures();
    }
    super.processWatermark(mark);
  }

  /** Seals what is still open: nothing follows. Comes with a drain only. */
  @Override
  public void finish() throws Exception {
    evict(Shard::openIntervals);
    noteFigures();
    live.drained();
    super.finish();
  }

  /** Seals these blocks of every shard, and writes a file for each interval. */
  private void evict(Function<Shard, List<Long>> which) {
    TreeMap<Long, List<Integer>> leaving = new TreeMap<>();
    shards.forEach(
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
    Object before = getCurrentKey();
    Iterable<SealedBlock> blocks = () -> numbers.stream().map(n -> seal(n, interval)).iterator();
    BlockFile file = files.write(interval, settings.batchOf(interval), blocks);
    if (before != null) {
      setCurrentKey(before);
    }
    live.sealed(file);
    output.collect(new StreamRecord<>(file));
  }

  private SealedBlock seal(int number, long interval) {
    setCurrentKey(keys.keyOf(number));
    return shard(number).seal(interval);
  }

  /** What is done with each shard while it is the current key. */
  private interface Visit {
    void visit(Shard shard);
  }

  private void visitShards(Visit visit) {
    shards.forEach((number, shard) -> withKeyOf(number, () -> visit.visit(shard)));
  }

  private void withKeyOf(int number, Runnable work) {
    Object before = getCurrentKey();
    setCurrentKey(keys.keyOf(number));
    work.run();
    if (before != null) {
      setCurrentKey(before);
    }
  }

  private void noteFigures() {
    openBlocks = shards.values().stream().mapToLong(s -> s.openIntervals().size()).sum();
    frontierMicros =
        shards.values().stream().mapToLong(Shard::frontierMicros).min().orElse(Shard.NO_TIME);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    Tally tally = new Tally();
    shards.values().forEach(shard -> tally.add(shard.tally()));
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
    visitShards(
        shard -> {
          shard.readTo().readAll(read);
          shard.takenBy(ancestry);
          shard.flush();
        });
    super.snapshotState(context);
  }
}
