package io.nova.block;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The fingerprints of a shard's sealed blocks: in state, and read on demand through a cache that
 * the shards of a task share.
 *
 * <p>In front of them stands an index in memory for each span of intervals, so that an event which
 * is new costs one search for each span of its dedup window and no access to state, however many
 * blocks the window has. Beside them stands a count for each interval, which is never forgotten. An
 * interval that is missing or short is not guessed at.
 */
final class ColdFingerprints {
  /** What an entry of the cache takes beside its bytes, about: objects, key and the cache's own. */
  private static final int OVERHEAD_BYTES = 350;

  private final int shard;
  private final ShardState state;
  private final Cache<Key, PackedFingerprints> cache;
  private final TreeMap<Long, Integer> counts;
  private final Map<Long, SpanIndex> spans = new HashMap<>();

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
        .weigher((Key key, PackedFingerprints packed) -> packed.stored().length + OVERHEAD_BYTES)
        .executor(Runnable::run)
        .build();
  }

  /** The intervals of {@code [from, to]} that hold fingerprints, to look in again and again. */
  Range range(long from, long to) {
    List<SpanIndex> there = new ArrayList<>();
    Long next = counts.ceilingKey(from);
    while (next != null && next <= to) {
      long span = SpanIndex.spanOf(next);
      there.add(span(span));
      next = counts.ceilingKey((span + 1) * SpanIndex.INTERVALS);
    }
    return new Range(from, to, there);
  }

  /** Some intervals; to be thrown away when fingerprints are added or forgotten. */
  final class Range {
    private final long from;
    private final long to;
    private final SpanIndex[] indexes;
    private final boolean incomplete;

    private Range(long from, long to, List<SpanIndex> indexes) {
      this.from = from;
      this.to = to;
      this.indexes = indexes.toArray(SpanIndex[]::new);
      this.incomplete = indexes.stream().anyMatch(index -> index.anyIncomplete(from, to));
    }

    /** Looks in all of them; false where not all that they held is known. */
    boolean look(CopySearch copies) {
      boolean known = !incomplete;
      for (SpanIndex index : indexes) {
        Lookup lookup = new Lookup(copies);
        if (index.find(from, to, copies.low(), lookup)) {
          return true;
        }
        known &= !lookup.forgotten;
      }
      return known;
    }
  }

  /** Looks a fingerprint up where an index says that it may be. */
  private final class Lookup implements SpanIndex.Candidates {
    private final CopySearch copies;
    private boolean forgotten;

    Lookup(CopySearch copies) {
      this.copies = copies;
    }

    @Override
    public boolean test(long interval) {
      PackedFingerprints packed = load(interval);
      if (packed != null && packed.look(copies)) {
        return true;
      }
      // The index may know more than what the backstop has left.
      forgotten |= packed == null || packed.count() != counts.getOrDefault(interval, 0);
      return false;
    }
  }

  private SpanIndex span(long number) {
    return spans.computeIfAbsent(number, this::index);
  }

  /** Reads all fingerprints of a span once. They do not stay in the cache. */
  private SpanIndex index(long number) {
    SpanIndex index = new SpanIndex(number);
    long from = number * SpanIndex.INTERVALS;
    counts
        .subMap(from, from + SpanIndex.INTERVALS)
        .forEach(
            (interval, count) -> {
              byte[] stored = state.cold(interval);
              PackedFingerprints packed = stored == null ? null : PackedFingerprints.read(stored);
              if (packed != null) {
                index.add(interval, tags(packed));
              }
              if (packed == null || packed.count() != count) {
                index.markIncomplete(interval);
              }
            });
    return index;
  }

  private static int[] tags(PackedFingerprints packed) {
    return tags(packed.count(), packed::low);
  }

  private static int[] tags(FingerprintList fingerprints) {
    return tags(fingerprints.size(), fingerprints::low);
  }

  private static int[] tags(int count, IntToLongFunction low) {
    int[] tags = new int[count];
    for (int i = 0; i < count; i++) {
      tags[i] = SpanIndex.tag(low.applyAsLong(i));
    }
    return tags;
  }

  /** Adds the fingerprints of a sealed block to those of its interval. */
  void add(long interval, FingerprintSet fingerprints, WitnessList witnesses) {
    PackedFingerprints before = load(interval);
    PackedFingerprints now =
        before == null
            ? PackedFingerprints.of(fingerprints, witnesses)
            : before.with(fingerprints, witnesses);
    int count = counts.merge(interval, fingerprints.size(), Integer::sum);
    state.putCold(interval, now.stored());
    state.putColdCount(interval, count);
    cache.put(new Key(shard, interval), now);
    SpanIndex index = spans.get(SpanIndex.spanOf(interval));
    if (index != null) {
      index.add(interval, tags(fingerprints.entries()));
    }
  }

  /** Forgets all intervals below this one. */
  void removeBelow(long interval) {
    var below = counts.headMap(interval, false);
    for (long old : below.keySet()) {
      state.removeCold(old);
      cache.invalidate(new Key(shard, old));
    }
    below.clear();
    spans.keySet().removeIf(span -> span < SpanIndex.spanOf(interval));
  }

  /** The first interval that holds fingerprints; null where none does. */
  @Nullable Long first() {
    return counts.isEmpty() ? null : counts.firstKey();
  }

  /** How many fingerprints are kept. */
  long size() {
    return counts.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** The heap that the indexes take. */
  long heapBytes() {
    long bytes = 0;
    for (SpanIndex span : spans.values()) {
      bytes += span.heapBytes();
    }
    return bytes;
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
