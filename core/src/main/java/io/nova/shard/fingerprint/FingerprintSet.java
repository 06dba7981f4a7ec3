package io.nova.shard.fingerprint;

/**
 * The fingerprints of one open block: a list in order of arrival, and a table of its indexes by
 * open addressing with linear probing, at most two thirds full. A fingerprint may be there more
 * than once.
 *
 * <p>A slot of the table is an int: the index of an entry, and in the remaining bits some of the
 * fingerprint. So other fingerprints are hardly ever read. An entry takes about 22 to 36 bytes.
 *
 * <p>Not thread safe.
 */
public final class FingerprintSet {
  private static final int LEAST_EXPECTED = 10;

  private final FingerprintList entries;

  /**
   * Each slot has the entry's index plus one in its low bits, and its {@link #tag} above; 0 is
   * free.
   */
  private int[] slots;

  /** An empty set. */
  public FingerprintSet() {
    this(LEAST_EXPECTED);
  }

  /** An empty set that does not grow before it has n entries. */
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

  /** The number of entries. */
  public int size() {
    return entries.size();
  }

  /** The heap that it takes, in bytes. */
  public long heapBytes() {
    return entries.heapBytes() + Integer.BYTES * (long) slots.length;
  }

  /** Its entries in order of arrival; not to be changed. */
  FingerprintList entries() {
    return entries;
  }

  /** Adds a fingerprint, which may be there already. */
  public void add(long high, long low) {
    int at = home(low);
    while (slots[at] != 0) {
      at = next(at);
    }
    slots[at] = tag(high) | (entries.size() + 1);
    entries.add(high, low);
    growIfFull();
  }

  /**
   * Shows a search every entry that it looks for; true where the search has ended.
   *
   * @param interval the interval of the block whose fingerprints these are
   */
  public boolean look(CopySearch copies, long interval) {
    for (int at = home(copies.low()); slots[at] != 0; at = next(at)) {
      if ((slots[at] & ~indexBits()) == tag(copies.high())) {
        int entry = (slots[at] & indexBits()) - 1;
        if (entries.high(entry) == copies.high()
            && EventFingerprints.agree(entries.low(entry), copies.low())
            && copies.meets(interval, entries.low(entry))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Without the lowest bit, which a search does not go by. */
  private int home(long low) {
    return (int) ((low >>> 1) ^ (low >>> 33)) & indexBits();
  }

  private int next(int at) {
    return (at + 1) & indexBits();
  }

  /** The bits of a fingerprint that a slot has above the index. */
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
