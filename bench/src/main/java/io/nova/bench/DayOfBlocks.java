package io.nova.bench;

import io.nova.shard.BlockRules;
import io.nova.shard.ConflictRule;
import io.nova.shard.HeapShardState;
import io.nova.shard.Offer;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * One shard of 128 in an ordered stream of 20 million events a day. A block has 543 events. It is
 * sealed ten minutes after its end and forgotten one day and one window later. State is a map, so a
 * benchmark measures the shard alone.
 */
final class DayOfBlocks {
  private static final int EVENTS_A_BLOCK = 20_000_000 / 288 / 128;
  private static final int ROW_BYTES = 300;

  /** Estimated size of a key in RocksDB. */
  private static final int KEY_BYTES = 40;

  private final BlockRules rules;
  private final Shard shard;
  private final HeapShardState state = new HeapShardState();
  private final boolean tracked;
  private final byte[] row = new byte[ROW_BYTES];
  private final SplittableRandom random = new SplittableRandom(1);
  private long interval = 1_000_000;
  private int inBlock;

  /**
   * A shard after two days of events.
   *
   * @param tracked whether the payload of each event is tracked, as for the ledger
   */
  DayOfBlocks(Duration window, boolean tracked) {
    this.tracked = tracked;
    rules =
        new BlockRules(
            Duration.ofMinutes(5), window, window, Duration.ofHours(24), Duration.ofMinutes(10));
    shard = new Shard(0, rules, state, new ColdCache(1 << 20));
    for (long i = 0; i < 2L * 288 * EVENTS_A_BLOCK; i++) {
      next();
    }
  }

  /** Offers the next event, which is new. */
  Object next() {
    if (++inBlock == EVENTS_A_BLOCK) {
      inBlock = 0;
      interval++;
      shard.advanceFrontier(rules.startMicros(interval));
      shard.advancePartition(0, rules.startMicros(interval), Set.of(0));
      shard.due(0).forEach(shard::seal);
    }
    long uploadMicros = rules.startMicros(interval) + inBlock * 500_000L;
    Offer offer =
        Offer.of(random.nextLong(), random.nextLong(), uploadMicros, row, rules.windowBlocks());
    return shard.offer(
        tracked ? offer.tracking(random.nextLong(), ConflictRule.KEEP_FIRST) : offer);
  }

  /** Bytes of state for each sealed event, without the log of open blocks. */
  double stateBytesPerEvent() {
    return (double) coldBytes() / sealedEvents();
  }

  /** Two fingerprints are stored of a tracked event. */
  private long sealedEvents() {
    return tracked ? shard.coldSize() / 2 : shard.coldSize();
  }

  private long coldBytes() {
    return state.coldPages().stream()
            .mapToLong(page -> Objects.requireNonNull(state.cold(page)).length + KEY_BYTES)
            .sum()
        + state.coldCounts().size() * (KEY_BYTES + 4L);
  }

  /** Bytes of heap for each sealed event. */
  double heapBytesPerEvent() {
    return (double) shard.fingerprintBytes() / sealedEvents();
  }
}
