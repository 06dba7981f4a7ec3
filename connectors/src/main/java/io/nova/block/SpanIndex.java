package io.nova.block;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Says which blocks of a span of intervals may hold a fingerprint, from 32 bits of it: a sorted
 * array of these bits, and beside it for each the interval's place in the span. Five bytes an
 * entry, one search for all blocks of the span.
 *
 * <p>What it does not name is not there. What it names is looked up in the packed fingerprints: of
 * a span with n entries, about n in four thousand million are named in vain. It is rebuilt from
 * these, and so is not part of any state. Not thread safe.
 */
final class SpanIndex {
  /** Intervals of a span: as many as an unsigned byte tells apart, halved. */
  static final int INTERVALS = 128;

  private final long first;
  private final BitSet incomplete = new BitSet(INTERVALS);
  private int[] tags = {};
  private byte[] places = {};

  /** Takes the intervals that may hold a fingerprint. */
  interface Candidates {
    /** An interval that may; true ends the search. */
    boolean test(long interval);
  }

  /** An empty index of a span, counted since 1970. */
  SpanIndex(long span) {
    this.first = span * INTERVALS;
  }

  /** The span of an interval. */
  static long spanOf(long interval) {
    return Math.floorDiv(interval, INTERVALS);
  }

  /** The heap that it takes. */
  long heapBytes() {
    return (Integer.BYTES + 1L) * tags.length;
  }

  /** Notes that not all fingerprints of an interval are known. */
  void markIncomplete(long interval) {
    incomplete.set((int) (interval - first));
  }

  /** Whether there are intervals of {@code [from, to]} of which not all is known. */
  boolean anyIncomplete(long from, long to) {
    int next = incomplete.nextSetBit((int) Math.max(0, from - first));
    return next >= 0 && first + next <= to;
  }

  /** Adds fingerprints of one interval, by {@link #tag}, sorted. */
  void add(long interval, int[] sorted) {
    byte place = (byte) (interval - first);
    int[] mergedTags = new int[tags.length + sorted.length];
    byte[] mergedPlaces = new byte[mergedTags.length];
    int old = 0;
    int added = 0;
    for (int i = 0; i < mergedTags.length; i++) {
      if (added == sorted.length || (old < tags.length && tags[old] <= sorted[added])) {
        mergedTags[i] = tags[old];
        mergedPlaces[i] = places[old++];
      } else {
        mergedTags[i] = sorted[added++];
        mergedPlaces[i] = place;
      }
    }
    tags = mergedTags;
    places = mergedPlaces;
  }

  /** The bits of a fingerprint that the index goes by. */
  static int tag(long low) {
    return (int) (low >>> Integer.SIZE);
  }

  /** Hands out the intervals of {@code [from, to]} that may hold the fingerprint, until told. */
  boolean find(long from, long to, long low, Candidates candidates) {
    int tag = tag(low);
    for (int i = firstOf(tag); i < tags.length && tags[i] == tag; i++) {
      long interval = first + places[i];
      if (interval >= from && interval <= to && candidates.test(interval)) {
        return true;
      }
    }
    return false;
  }

  private int firstOf(int tag) {
    int at = Arrays.binarySearch(tags, tag);
    if (at < 0) {
      return tags.length;
    }
    while (at > 0 && tags[at - 1] == tag) {
      at--;
    }
    return at;
  }
}
