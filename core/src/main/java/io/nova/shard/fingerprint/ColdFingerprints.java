package io.nova.shard.fingerprint;

import com.github.benmanes.caffeine.cache.Cache;
import io.nova.shard.ShardState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The fingerprints of a shard's sealed blocks, in state and read on demand ({@link ColdPages}).
 *
 * <p>An index in memory for each span of intervals ({@link SpanIndex}) comes first. So a new event
 * costs one search for each span of its dedup window, and no access to state. A count for each
 * interval shows where fingerprints are missing. It leaves when they have all left.
 *
 * <p>An index can be rebuilt from state. So indexes that no search has used lately are dropped: by
 * the caller when memory is short, and when a later span begins.
 */
public final class ColdFingerprints {
  /** Approximate heap of an entry of {@link #counts}. */
  private static final int COUNT_BYTES = 96;

  private final ShardState state;
  private final ColdPages pages;
  private final TreeMap<Long, Integer> counts;
  private final Map<Long, SpanIndex> spans = new HashMap<>();
  private long newestSpan = Long.MIN_VALUE;
  private long builtBytes;

  public ColdFingerprints(
      int shard, ShardState state, Cache<ColdPages.Key, PackedFingerprints> cache) {
    this.state = state;
    this.pages = new ColdPages(shard, state, cache);
    this.counts = new TreeMap<>(state.coldCounts());
  }

  /** The intervals of {@code [from, to]} that have fingerprints, for many searches. */
  public Range range(long from, long to) {
    List<SpanIndex> there = new ArrayList<>();
    Long next = counts.ceilingKey(from);
    while (next != null && next <= to) {
      long span = SpanIndex.spanOf(next);
      there.add(span(span));
      next = counts.ceilingKey((span + 1) * SpanIndex.INTERVALS);
    }
    return new Range(from, to, there);
  }

  /** Some intervals. Not valid any more when fingerprints are added or forgotten. */
  public final class Range {
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

    /** Searches all of them; false where some of their fingerprints are not known. */
    public boolean look(CopySearch copies) {
      boolean known = !incomplete;
      for (SpanIndex index : indexes) {
        index.use();
        Lookup lookup = new Lookup(copies);
        if (index.find(from, to, copies.low(), lookup)) {
          return true;
        }
        known &= !lookup.forgotten;
      }
      return known;
    }
  }

  /** Looks a fingerprint up in the intervals that an index names. */
  private final class Lookup implements SpanIndex.Candidates {
    private final CopySearch copies;
    private boolean forgotten;

    Lookup(CopySearch copies) {
      this.copies = copies;
    }

    @Override
    public boolean test(long interval) {
      int count = counts.getOrDefault(interval, 0);
      PackedFingerprints packed = pages.find(interval, count, copies.high());
      // The index may know fingerprints that the TTL has removed from state.
      forgotten |= packed == null;
      return packed != null && packed.look(copies, interval);
    }
  }

  private SpanIndex span(long number) {
    if (number > newestSpan) {
      newestSpan = number;
      spans.values().removeIf(index -> !index.isUsed(SpanIndex.Period.NEWEST_SPAN));
      spans.values().forEach(index -> index.begin(SpanIndex.Period.NEWEST_SPAN));
    }
    SpanIndex index = spans.get(number);
    if (index == null) {
      index = index(number);
      builtBytes += index.heapBytes();
      spans.put(number, index);
    }
    index.use();
    return index;
  }

  /**
   * Drops the indexes that no search has used since {@link #beginUse}; true where there was one. A
   * {@link Range} that was made before still has its indexes.
   */
  public boolean dropUnused() {
    return spans.values().removeIf(index -> !index.isUsed(SpanIndex.Period.CALLERS));
  }

  /** Begins a new period of use of the indexes. */
  public void beginUse() {
    spans.values().forEach(index -> index.begin(SpanIndex.Period.CALLERS));
  }

  /** The size of the indexes that were built since the last call, in bytes. */
  public long takeBuiltBytes() {
    long taken = builtBytes;
    builtBytes = 0;
    return taken;
  }

  /** Reads all fingerprints of a span once, without the cache. */
  private SpanIndex index(long number) {
    SpanIndex index = new SpanIndex(number);
    long from = number * SpanIndex.INTERVALS;
    counts
        .subMap(from, from + SpanIndex.INTERVALS)
        .forEach(
            (interval, count) -> {
              FingerprintList there = new FingerprintList(count);
              pages.readAll(interval, count, page -> page.appendTo(there));
              index.add(interval, tags(there));
              if (there.size() != count) {
                index.markIncomplete(interval);
              }
            });
    return index;
  }

  private static int[] tags(FingerprintList fingerprints) {
    int[] tags = new int[fingerprints.size()];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = SpanIndex.tag(fingerprints.low(i));
    }
    return tags;
  }

  /** Adds the fingerprints of a sealed block to those of its interval. */
  public void add(long interval, FingerprintSet fingerprints) {
    int before = counts.getOrDefault(interval, 0);
    int count = Math.addExact(before, fingerprints.size());
    boolean complete = pages.add(interval, before, fingerprints.entries());
    counts.put(interval, count);
    state.putColdCount(interval, count);
    SpanIndex index = spans.get(SpanIndex.spanOf(interval));
    if (index != null) {
      index.add(interval, tags(fingerprints.entries()));
      if (!complete) {
        index.markIncomplete(interval);
      }
    }
  }

  /**
   * Removes the counts of the oldest intervals whose fingerprints the TTL has removed from state.
   * Otherwise counts would grow for as long as no partition advances.
   *
   * @return these intervals, oldest first
   */
  public List<Long> removeExpired() {
    List<Long> removed = new ArrayList<>();
    while (!counts.isEmpty() && pages.areGone(counts.firstKey(), counts.firstEntry().getValue())) {
      Map.Entry<Long, Integer> oldest = counts.pollFirstEntry();
      pages.remove(oldest.getKey(), oldest.getValue());
      state.removeColdCount(oldest.getKey());
      removed.add(oldest.getKey());
    }
    return removed;
  }

  /**
   * Removes the fingerprints of all intervals below this one.
   *
   * @return the intervals that had any, oldest first
   */
  public List<Long> removeBelow(long interval) {
    NavigableMap<Long, Integer> below = counts.headMap(interval, false);
    List<Long> removed = new ArrayList<>(below.keySet());
    below.forEach(
        (old, count) -> {
          pages.remove(old, count);
          state.removeColdCount(old);
        });
    below.clear();
    spans.keySet().removeIf(span -> span < SpanIndex.spanOf(interval));
    return removed;
  }

  /** Removes the fingerprints of the intervals from one up to another, which stays. */
  public void remove(long from, long below) {
    NavigableMap<Long, Integer> between = counts.subMap(from, true, below, false);
    between.forEach(
        (interval, count) -> {
          pages.remove(interval, count);
          state.removeColdCount(interval);
        });
    between.clear();
    spans
        .keySet()
        .removeIf(span -> SpanIndex.spanOf(from) <= span && span <= SpanIndex.spanOf(below));
  }

  /** The number of fingerprints. */
  public long size() {
    return counts.values().stream().mapToLong(Integer::longValue).sum();
  }

  /** The heap that indexes and counts take, in bytes. */
  public long heapBytes() {
    long bytes = (long) COUNT_BYTES * counts.size();
    for (SpanIndex span : spans.values()) {
      bytes += span.heapBytes();
    }
    return bytes;
  }
}
