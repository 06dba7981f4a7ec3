package io.nova.shard.fingerprint;

import java.util.BitSet;

/**
 * Says which blocks of a span of intervals may hold a fingerprint, from 32 bits of it: a table of
 * these bits by open addressing with linear probing, at most four fifths full, and beside it for
 * each the interval's place in the span. Six to eight bytes an entry, one access to memory for all
 * blocks of the span.
 *
 * <p>What it does not name is not there. What it names is looked up in the packed fingerprints: of
 * a span with n entries, about n in four thousand million are named in vain. It is rebuilt from
 * these, and so is not part of any state. Not thread safe.
 */
final class SpanIndex {
  /** Intervals of a span: as many as an unsigned byte tells apart, halved. */
  static final int INTERVALS = 128;

  private static final int LEAST_SLOTS = 16;
  private static final int FREE = 0;

  private final long first;
  private final BitSet incomplete = new BitSet(INTERVALS);
  private int[] tags = new int[LEAST_SLOTS];
  private byte[] places = new byte[LEAST_SLOTS];
  private int size;

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

  /** Adds fingerprints of one interval, by {@link #tag}. What is there already is not repeated. */
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

  /** Makes room for so many entries, with a quarter more slots than before at least. */
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

  /** In the order of the tags, so that a table that grows is gone through from end to end. */
  private int home(int tag) {
    return (int) ((Integer.toUnsignedLong(tag) * tags.length) >>> Integer.SIZE);
  }

  private int next(int at) {
    return at + 1 == tags.length ? 0 : at + 1;
  }

  /** The bits of a fingerprint that the index goes by; never those of a free slot. */
  static int tag(long low) {
    int bits = (int) (low >>> Integer.SIZE);
    return bits == FREE ? 1 : bits;
  }

  /** Hands out the intervals of {@code [from, to]} that may hold the fingerprint, until told. */
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
