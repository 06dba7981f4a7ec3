package io.nova.shard;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The intervals whose fingerprints have left state, as a few ranges.
 *
 * <p>A wrong clock may have left fingerprints far ahead. Ranges keep the intervals between them
 * known. Ranges that lie close together are one, and at most {@link #MOST} are told apart: then the
 * two closest become one, so more intervals count as forgotten, never fewer. Not thread safe.
 */
final class ForgottenIntervals {
  static final int MOST = 16;

  private final int gap;
  private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

  /**
   * No intervals.
   *
   * @param gap the number of intervals between two ranges that are one
   */
  ForgottenIntervals(int gap) {
    this.gap = gap;
  }

  /** Adds ranges as {@link #asMap} has them. */
  void restore(Map<Long, Long> ranges) {
    lastByFirst.putAll(ranges);
  }

  /** Adds an interval. */
  void add(long interval) {
    if (!anyOf(interval, interval)) {
      add(interval, interval);
    }
  }

  /** Adds the intervals from one to another, both included. */
  void add(long from, long to) {
    long first = from;
    long last = to;
    Map.Entry<Long, Long> close = lastByFirst.floorEntry(to + gap + 1);
    while (close != null && close.getValue() >= from - gap - 1) {
      first = Math.min(first, close.getKey());
      last = Math.max(last, close.getValue());
      lastByFirst.remove(close.getKey());
      close = lastByFirst.floorEntry(to + gap + 1);
    }
    lastByFirst.put(first, last);
    if (lastByFirst.size() > MOST) {
      joinTheClosest();
    }
  }

  private void joinTheClosest() {
    long closest = Long.MAX_VALUE;
    Map.Entry<Long, Long> first = lastByFirst.firstEntry();
    Map.Entry<Long, Long> before = lastByFirst.firstEntry();
    Map.Entry<Long, Long> second = lastByFirst.firstEntry();
    for (Map.Entry<Long, Long> range : lastByFirst.tailMap(before.getKey(), false).entrySet()) {
      if (range.getKey() - before.getValue() < closest) {
        closest = range.getKey() - before.getValue();
        first = before;
        second = range;
      }
      before = range;
    }
    long joined = second.getValue();
    lastByFirst.remove(second.getKey());
    lastByFirst.put(first.getKey(), joined);
  }

  /** Whether any of these intervals is forgotten. */
  boolean anyOf(long from, long to) {
    Map.Entry<Long, Long> range = lastByFirst.floorEntry(to);
    return range != null && range.getValue() >= from;
  }

  /** The last interval of each range, by the first. */
  Map<Long, Long> asMap() {
    return Collections.unmodifiableMap(lastByFirst);
  }
}
