package io.nova.block;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprints of a shard's sealed blocks: in state, and read on demand through a cache that
 * the shards of a task share.
 *
 * <p>Beside them stands an index of how many there are of each interval, which is never forgotten.
 * An interval that is missing or short is not guessed at: {@link Answer#UNKNOWN}.
 */
final class ColdFingerprints {
  private final int shard;
  private final ShardState state;
  private final Cache<Key, PackedFingerprints> cache;
  private final TreeMap<Long, Integer> counts;

  /** Whether a fingerprint is among those of an interval. */
  enum Answer {
    PRESENT,
    ABSENT,
    UNKNOWN
  }

  record Key(int shard, long interval) {}

  ColdFingerprints(int shard, ShardState state, Cache<Key, PackedFingerprints> cache) {
    this.shard = shard;
    this.state = state;
    this.cache = cache;
    this.counts = new TreeMap<>(state.coldCounts());
  }

  /** A cache for the shards of one task, of at most this many bytes. */
  static Cache<Key, PackedFingerprints> cache(long bytes) {
    return Caffeine.newBuilder()
        .maximumWeight(bytes)
        .weigher((Key key, PackedFingerprints packed) -> packed.stored().length)
        .executor(Runnable::run)
        .build();
  }

  /** Whether any interval of {@code [from, to]} holds fingerprints. */
  boolean anyWithin(long from, long to) {
    Long first = counts.ceilingKey(from);
    return first != null && first <= to;
  }

  /** Looks in all intervals of {@code [from, to]}. */
  Answer find(long from, long to, long high, long low) {
    Answer answer = Answer.ABSENT;
    for (var entry : counts.subMap(from, true, to, true).entrySet()) {
      PackedFingerprints packed = load(entry.getKey());
      if (packed != null && packed.contains(high, low)) {
        return Answer.PRESENT;
      }
      if (packed == null || packed.count() != entry.getValue()) {
        answer = Answer.UNKNOWN;
      }
    }
    return answer;
  }

  /** Adds the fingerprints of a sealed block to those of its interval. */
  void add(long interval, FingerprintSet fingerprints) {
    long[] pairs = fingerprints.toPairs();
    PackedFingerprints before = load(interval);
    PackedFingerprints now = before == null ? PackedFingerprints.of(pairs) : before.with(pairs);
    int count = counts.merge(interval, pairs.length / 2, Integer::sum);
    state.putCold(interval, now.stored());
    state.putColdCount(interval, count);
    cache.put(new Key(shard, interval), now);
  }

  /** Forgets all intervals below this one. */
  void removeBelow(long interval) {
    var below = counts.headMap(interval, false);
    for (long old : below.keySet()) {
      state.removeCold(old);
      cache.invalidate(new Key(shard, old));
    }
    below.clear();
  }

  /** How many fingerprints are kept. */
  long size() {
    return counts.values().stream().mapToLong(Integer::longValue).sum();
  }

  private @Nullable PackedFingerprints load(long interval) {
    Key key = new Key(shard, interval);
    PackedFingerprints packed = cache.getIfPresent(key);
    if (packed == null) {
      byte[] stored = state.cold(interval);
      if (stored == null) {
        return null;
      }
      packed = PackedFingerprints.read(stored);
      cache.put(key, packed);
    }
    return packed;
  }
}
