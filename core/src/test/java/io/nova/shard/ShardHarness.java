package io.nova.shard;

import io.nova.shard.fingerprint.ColdCache;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A shard and its state for tests: blocks of five minutes, a dedup window of ten. */
final class ShardHarness {
  static final long MINUTE = 60_000_000;
  static final BlockRules RULES =
      new BlockRules(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofHours(24));

  private static final int CACHE_BYTES = 1 << 20;

  private HeapShardState state = new HeapShardState();
  private Shard shard = opened(CACHE_BYTES);
  private long offered;

  private Shard opened(int cacheBytes) {
    return new Shard(3, RULES, state, new ColdCache(cacheBytes));
  }

  Shard shard() {
    return shard;
  }

  HeapShardState state() {
    return state;
  }

  /** Begins anew without state. */
  void begin() {
    state = new HeapShardState();
    open();
  }

  /** Opens the state as it is. What the shard has not flushed is lost. */
  void open() {
    open(CACHE_BYTES);
  }

  void open(int cacheBytes) {
    shard = opened(cacheBytes);
  }

  /** Takes a checkpoint and restores it. */
  void restart() {
    shard.flush();
    state = state.copy();
    open();
  }

  /** Offers an event of an upload time in minutes since 1970, with a row of its own. */
  Admission offer(String identity, long minutes) {
    byte[] row = (identity + "#" + offered++).getBytes(StandardCharsets.UTF_8);
    return shard.offer(identity.hashCode(), 7, minutes * MINUTE, row).admission();
  }

  /** Offers an event whose partition has progressed up to a minute since 1970. */
  Admission offerAt(long progressMinutes, String identity, long minutes) {
    Offer offer = Offer.of(identity.hashCode(), 7, minutes * MINUTE, new byte[] {0}, 2);
    offer.progressMicros = progressMinutes * MINUTE;
    return shard.offer(offer).admission();
  }

  /** Takes a checkpoint and restores it with progress at most up to a minute since 1970. */
  void restartNotAfter(long minutes) {
    shard.flush();
    state = state.copy();
    shard = new Shard(3, RULES, state, new ColdCache(CACHE_BYTES), minutes * MINUTE);
  }

  /** Moves the frontier to a minute and seals the blocks that are due. */
  void passed(long minutes) {
    shard.advanceFrontier(minutes * MINUTE);
    shard.due(0).forEach(shard::seal);
  }
}
