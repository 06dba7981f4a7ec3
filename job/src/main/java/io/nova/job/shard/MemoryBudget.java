package io.nova.job.shard;

import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the blocks and fingerprints of a subtask within their memory budget.
 *
 * <p>Near the budget, indexes of fingerprints that no event has used since the last check are
 * dropped; state has the fingerprints. Where that is not enough, rows that are in the log leave the
 * heap. Then open blocks are sealed early, oldest first, which has no effect on decisions. Where
 * that is not enough either, intake slows down. The dedup window never becomes shorter.
 *
 * <p>The figures may be read by any thread; all else belongs to the task thread.
 */
final class MemoryBudget {
  private static final Logger LOG = LoggerFactory.getLogger(MemoryBudget.class);

  /** The fewest events between two checks, each of which visits every open block. */
  private static final int EVENTS_A_LOOK = 1024;

  /** The most checks while the events of one budget come in, unless events are large. */
  private static final int LOOKS_A_BUDGET = 128;

  private static final int LEAST_LOOKS_A_BUDGET = 16;

  /** Approximate size of an event without its row. */
  private static final int OVERHEAD_BYTES = 128;

  /** Memory is short from this share of the budget on. */
  private static final double NEAR = 0.8;

  /** Blocks are sealed early only while open blocks take more than this share of the budget. */
  private static final double WORTH_SEALING = 0.1;

  private static final long PAUSE_MS = 100;
  private static final long WARNING_EVERY_NANOS = 60_000_000_000L;

  private final long budgetBytes;
  private final ColdCache cache;
  private int eventsSince;
  private long bytesSince;
  private long warnedNanos = System.nanoTime() - WARNING_EVERY_NANOS;
  private volatile long usedBytes;
  private volatile Pressure pressure = Pressure.NONE;

  /** The reaction to a shortage of memory. */
  enum Pressure {
    NONE(0),
    /** Rows leave the heap. */
    SPILLING(1),
    /** Blocks are sealed before their time. */
    SEALING(2),
    /** Intake slows down. */
    SLOWED(3);

    private final int level;

    Pressure(int level) {
      this.level = level;
    }

    /** The value of the gauge; 0 for none. */
    int level() {
      return level;
    }
  }

  /** The ways in which the operator frees memory. */
  interface Relief {
    /** Removes rows from the heap that are in the log. */
    void spill();

    /** Seals the blocks of one interval. */
    void seal(long interval);
  }

  MemoryBudget(long budgetBytes, ColdCache cache) {
    this.budgetBytes = budgetBytes;
    this.cache = cache;
  }

  /**
   * Checks memory after some events, and frees some if it is short.
   *
   * @param eventBytes the size of the event's row, and of the indexes that were built for it
   */
  void afterEvent(long eventBytes, Collection<Shard> shards, Relief relief) {
    eventsSince++;
    bytesSince += eventBytes + OVERHEAD_BYTES;
    if (isTimeToLook()) {
      look(shards, relief);
    }
  }

  /**
   * Adds a restored shard, before the first event. If memory is short, its rows leave the heap
   * again: the rows in the log may take more than the budget.
   */
  void afterRestore(Shard restored) {
    long others = usedBytes;
    if (others + used(restored) > NEAR * budgetBytes) {
      restored.spill();
    }
    usedBytes = others + used(restored);
  }

  private boolean isTimeToLook() {
    return (eventsSince >= EVENTS_A_LOOK && bytesSince >= budgetBytes / LOOKS_A_BUDGET)
        || bytesSince >= budgetBytes / LEAST_LOOKS_A_BUDGET;
  }

  /** Checks memory now. */
  void look(Collection<Shard> shards, Relief relief) {
    eventsSince = 0;
    bytesSince = 0;
    Pressure found = Pressure.NONE;
    if (isShort(shards)) {
      shards.forEach(Shard::dropUnusedIndexes);
    }
    shards.forEach(Shard::beginIndexUse);
    if (isShort(shards)) {
      found = Pressure.SPILLING;
      relief.spill();
    }
    while (isShort(shards) && sealingHelps(shards)) {
      found = Pressure.SEALING;
      relief.seal(oldest(shards).orElseThrow());
    }
    if (usedBytes > budgetBytes) {
      found = Pressure.SLOWED;
    }
    pressure = found;
    if (found != Pressure.NONE) {
      warn(found);
    }
    if (found == Pressure.SLOWED) {
      pause();
    }
  }

  private boolean isShort(Collection<Shard> shards) {
    long used = cache.heapBytes();
    for (Shard shard : shards) {
      used += used(shard);
    }
    usedBytes = used;
    return used > NEAR * budgetBytes;
  }

  private static long used(Shard shard) {
    return shard.rowBytes() + shard.fingerprintBytes() + shard.tally().heapBytes();
  }

  /** False where the index alone takes the memory: each check would seal new blocks. */
  private boolean sealingHelps(Collection<Shard> shards) {
    return shards.stream().mapToLong(Shard::openBytes).sum() > WORTH_SEALING * budgetBytes;
  }

  private static Optional<Long> oldest(Collection<Shard> shards) {
    return shards.stream()
        .map(Shard::openIntervals)
        .flatMap(List::stream)
        .min(Comparator.naturalOrder());
  }

  private void warn(Pressure found) {
    if (System.nanoTime() - warnedNanos >= WARNING_EVERY_NANOS) {
      warnedNanos = System.nanoTime();
      LOG.warn(
          "Memory is short: {} of {} bytes (nova.memory.budget), {}. No event is lost and the dedup"
              + " window stays as it is; a larger budget, or more subtasks, is faster.",
          usedBytes,
          budgetBytes,
          switch (found) {
            case SPILLING -> "rows leave the heap";
            case SEALING -> "blocks are sealed before their time";
            default -> "intake slows down";
          });
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The heap in use at the last check, in bytes. */
  long usedBytes() {
    return usedBytes;
  }

  /** The budget in bytes. */
  long budgetBytes() {
    return budgetBytes;
  }

  /** The shortage at the last check. */
  Pressure pressure() {
    return pressure;
  }
}
