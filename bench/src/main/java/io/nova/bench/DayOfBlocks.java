package io.nova.bench;

import io.nova.block.BlockRules;
import io.nova.block.ColdCache;
import io.nova.block.Offer;
import io.nova.block.Shard;
import io.nova.block.ShardState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One shard of 128 in a stream of 20 million events a day, in order: 543 events a block, sealed ten
 * minutes behind, forgotten a day and a window behind. State is a map, so what is measured is the
 * shard itself.
 */
final class DayOfBlocks {
  private static final int EVENTS_A_BLOCK = 20_000_000 / 288 / 128;
  private static final int ROW_BYTES = 300;

  private final BlockRules rules;
  private final Shard shard;
  private final StateInMemory state = new StateInMemory();
  private final Offer offer = new Offer();
  private final byte[] row = new byte[ROW_BYTES];
  private final SplittableRandom random = new SplittableRandom(1);
  private long interval = 1_000_000;
  private int inBlock;

  /** A shard that has seen two days go by. */
  DayOfBlocks(Duration window) {
    rules =
        new BlockRules(
            Duration.ofMinutes(5), window, window, Duration.ofHours(24), Duration.ofMinutes(10));
    shard = new Shard(0, rules, state, new ColdCache(1 << 20));
    for (long i = 0; i < 2L * 288 * EVENTS_A_BLOCK; i++) {
      next();
    }
  }

  /** The next event, which is new. */
  Object next() {
    if (++inBlock == EVENTS_A_BLOCK) {
      inBlock = 0;
      interval++;
      shard.advanceFrontier(rules.startMicros(interval));
      shard.advancePartition(0, rules.startMicros(interval), Set.of(0));
      shard.due().forEach(shard::seal);
    }
    return shard.offer(
        offer.of(
            random.nextLong(),
            random.nextLong(),
            rules.startMicros(interval),
            row,
            rules.windowBlocks()));
  }

  /** Bytes of state for each fingerprint that is kept, without the log of open blocks. */
  double stateBytesPerEvent() {
    return (double) state.coldBytes() / shard.coldSize();
  }

  /** Bytes of heap for each fingerprint that is kept. */
  double heapBytesPerEvent() {
    return (double) shard.fingerprintBytes() / shard.coldSize();
  }

  /** A shard's state as maps; a key of RocksDB is taken for 40 bytes. */
  static final class StateInMemory implements ShardState {
    private static final int KEY_BYTES = 40;

    private final Map<SegmentId, byte[]> log = new HashMap<>();
    private final Map<Long, byte[]> cold = new HashMap<>();
    private final Map<Long, Integer> counts = new HashMap<>();

    long coldBytes() {
      return cold.values().stream().mapToLong(packed -> packed.length + KEY_BYTES).sum()
          + counts.size() * (KEY_BYTES + 4L);
    }

    @Override
    public void putSegment(SegmentId id, byte[] stored) {
      log.put(id, stored);
    }

    @Override
    public byte @Nullable [] segment(SegmentId id) {
      return log.get(id);
    }

    @Override
    public void removeSegment(SegmentId id) {
      log.remove(id);
    }

    @Override
    public void segments(BiConsumer<SegmentId, byte[]> consumer) {
      log.forEach(consumer);
    }

    @Override
    public void putCold(long interval, byte[] packed) {
      cold.put(interval, packed);
    }

    @Override
    public byte @Nullable [] cold(long interval) {
      return cold.get(interval);
    }

    @Override
    public void putColdCount(long interval, int count) {
      counts.put(interval, count);
    }

    @Override
    public Map<Long, Integer> coldCounts() {
      return counts;
    }

    @Override
    public void removeCold(long interval) {
      cold.remove(interval);
      counts.remove(interval);
    }

    @Override
    public void putHeader(byte[] stored) {}

    @Override
    public byte @Nullable [] header() {
      return null;
    }
  }
}
