package io.nova.shard.fingerprint;

import java.util.BitSet;

/**
 * An index in memory of the intervals of a span that may have a fingerprint. It is a table of 32
 * bits of each fingerprint by open addressing with linear probing, at most four fifths full. Each
 * entry also has the interval's place in the span. An entry takes six to eight bytes, and a search
 * one access to memory for all intervals of the span.
 *
 * <p>A fingerprint that it does not find is not there. One that it finds is looked up in the packed
 * fingerprints. In a span with n entries, a search is in vain with a probability of n / 2^32. The
 * index is rebuilt from the packed fingerprints, so it is not stored. Not thread safe.
 */
final class SpanIndex {
  /** The number of intervals of a span, so that a byte holds the place of each. */
  static final int INTERVALS = 128;

  private static final int LEAST_SLOTS = 16;
  private static final int FREE = 0;

  private final long first;
  private final BitSet incomplete = new BitSet(INTERVALS);
  private int[] tags = new int[LEAST_SLOTS];
  private byte[] places = new byte[LEAST_SLOTS];
  private int size;
  private int used;

  /** A period in which an index is used or not. */
  enum Period {
    /** Since the caller began one. */
    CALLERS(1),
    /** Since the newest span began. */
    NEWEST_SPAN(2);

    private final int bit;

    Period(int bit) {
      this.bit = bit;
    }
  }

  /** Takes the intervals that may have a fingerprint. */
  interface Candidates {
    /** Checks an interval that may have it; true ends the search. */
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

  /** The heap that it takes, in bytes. */
  long heapBytes() {
    return (Integer.BYTES + 1L) * tags.length;
  }

  /** Notes that a search uses it. */
  void use() {
    used = Period.CALLERS.bit | Period.NEWEST_SPAN.bit;
  }

  /** Whether a search has used it in this period. */
  boolean isUsed(Period period) {
    return (used & period.bit) != 0;
  }

  /** Begins a period without use. */
  void begin(Period period) {
    used &= ~period.bit;
  }

  /** Notes that some fingerprints of an interval are not known. */
  void markIncomplete(long interval) {
    incomplete.set((int) (interval - first));
  }

  /** Whether some fingerprints of the intervals {@code [from, to]} are not known. */
  boolean anyIncomplete(long from, long to) {
    int next = incomplete.nextSetBit((int) Math.max(0, from - first));
    return next >= 0 && first + next <= to;
  }

  /** Adds fingerprints of one interval, by {@link #tag}. Entries are not repeated. */
  void add(long interval, int[] added) {
    reserve(Math.addExact(size, added.length));
    byte place = (byte) (interval - first);
    for (int tag : added) {
      put(tag, place);
    }
    size += added.length;
  }

  private void put(int tag, byte place) {
    int at = home(tag);
    for (; tags[at] != FREE; at = next(at)) {
      if (tags[at] == tag && places[at] == place) {
        return;
      }
    }
    tags[at] = tag;
    places[at] = place;
  }

  /** Makes room for n entries, with at least a quarter more slots than before. */
  private void reserve(int entries) {
    if (entries <= tags.length / 5L * 4) {
      return;
    }
    int slots = Math.toIntExact(Math.max(tags.length * 5L / 4, entries * 5L / 4 + LEAST_SLOTS));
    int[] oldTags = tags;
    byte[] oldPlaces = places;
    tags = new int[slots];
    places = new byte[slots];
    for (int i = 0; i < oldTags.length; i++) {
      if (oldTags[i] != FREE) {
        put(oldTags[i], oldPlaces[i]);
      }
    }
  }

  /** Slots are in the order of the tags, so a growing table is copied sequentially. */
  private int home(int tag) {
    return (int) ((Integer.toUnsignedLong(tag) * tags.length) >>> Integer.SIZE);
  }

  private int next(int at) {
    return at + 1 == tags.length ? 0 : at + 1;
  }

  /** The bits of a fingerprint that the index has; never those of a free slot. */
  static int tag(long low) {
    int bits = (int) (low >>> Integer.SIZE);
    return bits == FREE ? 1 : bits;
  }

  /**
   * Offers each interval of {@code [from, to]} that may have the fingerprint to the candidates,
   * until one ends the search.
   */
  boolean find(long from, long to, long low, Candidates candidates) {
    int tag = tag(low);
    for (int at = home(tag); tags[at] != FREE; at = next(at)) {
      if (tags[at] == tag) {
        long interval = first + places[at];
        if (interval >= from && interval <= to && candidates.test(interval)) {
          return true;
        }
      }
    }
    return false;
  }
}
