package io.nova.job.shard;

import io.nova.event.Micros;
import io.nova.iceberg.BlockFileWriter;
import io.nova.job.options.NovaSettings;
import io.nova.shard.BlockFile;
import io.nova.shard.SealedBlock;
import io.nova.shard.Shard;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.ScheduledFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * Seals the blocks of a subtask's shards, and writes the sealed blocks of one interval into one
 * block file.
 *
 * <p>Blocks are sealed when they are due ({@link Shard#due}), when their batch is closed, when
 * memory is short, and at a drain. The figures may be read by any thread; all else belongs to the
 * task thread.
 */
final class BlockEviction {
  private static final long MICROS_PER_MILLI = 1000;
  private static final long LOOK_EVERY_MS = 10_000;

  private final NovaSettings settings;
  private final KeyedShards shards;
  private final BlockFileWriter files;
  private final Consumer<BlockFile> sealed;
  private final ProcessingTimeService clock;
  private long frontierMs = Long.MIN_VALUE;
  private volatile long frontierMicros = Micros.UNKNOWN;
  private volatile long openBlocks;

  /**
   * The eviction of restored shards.
   *
   * @param sealed takes each block file when it is complete
   * @param clock the machine's time
   */
  BlockEviction(
      NovaSettings settings,
      KeyedShards shards,
      BlockFileWriter files,
      Consumer<BlockFile> sealed,
      ProcessingTimeService clock) {
    this.settings = settings;
    this.shards = shards;
    this.files = files;
    this.sealed = sealed;
    this.clock = clock;
    noteFigures();
  }

  /** Advances the frontier to a watermark, and seals the blocks that it has passed. */
  void advance(long watermarkMs) {
    frontierMs = Math.max(frontierMs, watermarkMs);
    sealDue();
  }

  private void sealDue() {
    if (frontierMs != Long.MIN_VALUE) {
      shards.all().forEach(shard -> shard.advanceFrontier(frontierMs * MICROS_PER_MILLI));
    }
    long nowMs = clock.getCurrentProcessingTime();
    seal(shard -> shard.due(nowMs));
    noteFigures();
  }

  /** Seals due blocks from time to time, also while the frontier stands still. */
  void sealFromTimeToTime() {
    ScheduledFuture<?> unused =
        clock.registerTimer(
            clock.getCurrentProcessingTime() + LOOK_EVERY_MS,
            now -> {
              sealDue();
              sealFromTimeToTime();
            });
  }

  /** Seals all open blocks. */
  void sealAll() {
    seal(Shard::openIntervals);
    noteFigures();
  }

  /** Seals the open blocks of closed batches. */
  void sealClosed() {
    seal(Shard::closedIntervals);
    noteFigures();
  }

  /** Seals the open blocks of one interval. */
  void seal(long interval) {
    seal(shard -> shard.openIntervals().contains(interval) ? List.of(interval) : List.of());
  }

  /** Seals these blocks of every shard, and writes a file for each interval. */
  private void seal(Function<Shard, List<Long>> which) {
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
    leaving.forEach(this::seal);
  }

  /** One block is in memory at a time: each is sealed when the writer asks for it. */
  private void seal(long interval, List<Integer> numbers) {
    Iterable<SealedBlock> blocks =
        () -> numbers.stream().map(n -> shards.with(n, shard -> shard.seal(interval))).iterator();
    sealed.accept(files.write(interval, settings.batchOf(interval), blocks));
  }

  private void noteFigures() {
    openBlocks = shards.all().stream().mapToLong(s -> s.openIntervals().size()).sum();
    frontierMicros =
        shards.all().stream().mapToLong(Shard::frontierMicros).min().orElse(Micros.UNKNOWN);
  }

  /** The number of open blocks, as of the last watermark. */
  long openBlocks() {
    return openBlocks;
  }

  /** The frontier of the shard that lags most; {@link Micros#UNKNOWN} before any. */
  long frontierMicros() {
    return frontierMicros;
  }
}
