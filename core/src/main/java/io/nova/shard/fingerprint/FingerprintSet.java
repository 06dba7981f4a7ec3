package io.nova.shard.fingerprint;

import org.jspecify.annotations.Nullable;

/**
 * A set of 128-bit fingerprints: a list of them in the order in which they came, and a table of
 * their indexes by open addressing with linear probing, at most two thirds full. A slot of the
 * table is an int: the index, and in the bits that indexes do not need some of the fingerprint, so
 * that hardly ever another one is looked at. About 22 to 36 bytes an entry. A fingerprint may be
 * there more than once: of events with one identity and different payloads.
 *
 * <p>Not thread safe.
 */
public final class FingerprintSet {
  private static final int LEAST_EXPECTED = 10;
  private static final int NOBODY = -1;

  private final FingerprintList entries;

  /** Of each slot the entry's index with one added, and above it its {@link #tag}; 0 is free. */
  private int[] slots;

  /** An empty set. */
  public FingerprintSet() {
    this(LEAST_EXPECTED);
  }

  /** An empty set that does not grow before it has so many. */
  public FingerprintSet(int expected) {
    int entriesAtFirst = Math.max(LEAST_EXPECTED, expected);
    entries = new FingerprintList(entriesAtFirst);
    slots = new int[Integer.highestOneBit(entriesAtFirst + entriesAtFirst / 2) * 2];
  }

  /** A set of these pairs of longs, high then low. */
  public static FingerprintSet of(long... pairs) {
    FingerprintSet fingerprints = new FingerprintSet();
    for (int i = 0; i < pairs.length; i += 2) {
      fingerprints.add(pairs[i], pairs[i + 1]);
    }
    return fingerprints;
  }

  /** How many entries are in it. */
  public int size() {
    return entries.size();
  }

  /** The heap that it takes. */
  public long heapBytes() {
    return entries.heapBytes() + Integer.BYTES * (long) slots.length;
  }

  /** Its entries, in the order in which they came; not to be changed. */
  FingerprintList entries() {
    return entries;
  }

  /** Adds one, which may be there already. */
  public void add(long high, long low) {
    int at = home(low);
    while (slots[at] != 0) {
      at = next(at);
    }
    slots[at] = tag(high) | (entries.size() + 1);
    entries.add(high, low);
    growIfFull();
  }

  /** Whether it is there. */
  public boolean contains(long high, long low) {
    for (int at = home(low); slots[at] != 0; at = next(at)) {
      if (entryAt(at, high, low) != NOBODY) {
        return true;
      }
    }
    return false;
  }

  /** What is remembered of the entries of a set, by their index in the order of their coming. */
  public interface Witnesses {
    /** What is remembered of one; null for nothing. */
    @Nullable Witness get(int index);
  }

  /** Shows a search every entry of its fingerprint; true where the search has ended. */
  public boolean look(CopySearch copies, Witnesses witnesses) {
    for (int at = home(copies.low()); slots[at] != 0; at = next(at)) {
      int entry = entryAt(at, copies.high(), copies.low());
      if (entry != NOBODY && copies.meets(witnesses.get(entry))) {
        return true;
      }
    }
    return false;
  }

  /** The entry that a taken slot names, if it has this fingerprint. */
  private int entryAt(int at, long high, long low) {
    int slot = slots[at];
    if ((slot & ~indexBits()) != tag(high)) {
      return NOBODY;
    }
    int entry = (slot & indexBits()) - 1;
    return entries.high(entry) == high && entries.low(entry) == low ? entry : NOBODY;
  }

  private int home(long low) {
    return (int) (low ^ (low >>> 32)) & indexBits();
  }

  private int next(int at) {
    return (at + 1) & indexBits();
  }

  /** Bits of the fingerprint where an index has none. */
  private int tag(long high) {
    return (int) high & ~indexBits();
  }

  private int indexBits() {
    return slots.length - 1;
  }

  private void growIfFull() {
    if (entries.size() * 3L <= slots.length * 2L) {
      return;
    }
    slots = new int[Math.multiplyExact(slots.length, 2)];
    for (int i = 0; i < entries.size(); i++) {
      int at = home(entries.low(i));
      while (slots[at] != 0) {
        at = next(at);
      }
      slots[at] = tag(entries.high(i)) | (i + 1);
    }
  }
}
