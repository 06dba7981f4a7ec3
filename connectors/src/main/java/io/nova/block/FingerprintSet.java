package io.nova.block;

/**
 * A set of 128-bit fingerprints: open addressing with linear probing, two longs a slot, at most two
 * thirds full, so about 24 to 48 bytes an entry.
 *
 * <p>An empty slot is two zeros; the fingerprint of two zeros is kept aside. Not thread safe.
 */
public final class FingerprintSet {
  private static final int FIRST_SLOTS = 16;

  private long[] words = new long[2 * FIRST_SLOTS];
  private int size;
  private boolean holdsZero;

  /** How many fingerprints are in it. */
  public int size() {
    return size;
  }

  /** Adds one; false where it was there. */
  public boolean add(long high, long low) {
    if ((high | low) == 0) {
      boolean added = !holdsZero;
      holdsZero = true;
      size += added ? 1 : 0;
      return added;
    }
    int at = find(words, high, low);
    if (words[at] == high && words[at + 1] == low) {
      return false;
    }
    words[at] = high;
    words[at + 1] = low;
    size++;
    growIfFull();
    return true;
  }

  /** Whether it is there. */
  public boolean contains(long high, long low) {
    if ((high | low) == 0) {
      return holdsZero;
    }
    int at = find(words, high, low);
    return words[at] == high && words[at + 1] == low;
  }

  /** All of them as pairs of longs, high then low, in no order. */
  public long[] toPairs() {
    long[] pairs = new long[2 * size];
    int next = holdsZero ? 2 : 0;
    for (int i = 0; i < words.length; i += 2) {
      if ((words[i] | words[i + 1]) != 0) {
        pairs[next++] = words[i];
        pairs[next++] = words[i + 1];
      }
    }
    return pairs;
  }

  /** Where the fingerprint is, or the empty slot where it would go. */
  private static int find(long[] words, long high, long low) {
    int mask = words.length - 1;
    int at = (int) (low ^ low >>> 32) << 1 & mask;
    while ((words[at] | words[at + 1]) != 0 && (words[at] != high || words[at + 1] != low)) {
      at = at + 2 & mask;
    }
    return at;
  }

  private void growIfFull() {
    if (size * 3L <= words.length) {
      return;
    }
    long[] old = words;
    words = new long[Math.multiplyExact(old.length, 2)];
    for (int i = 0; i < old.length; i += 2) {
      if ((old[i] | old[i + 1]) != 0) {
        int at = find(words, old[i], old[i + 1]);
        words[at] = old[i];
        words[at + 1] = old[i + 1];
      }
    }
  }
}
