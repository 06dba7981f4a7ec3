package io.nova.shard.fingerprint;

import java.util.Arrays;

/**
 * A list of 128-bit fingerprints, 16 bytes each. It grows by half.
 *
 * <p>Entries are in order of arrival, so adding one touches memory that is in the processor's
 * cache. Not thread safe.
 */
final class FingerprintList {
  private static final int WORDS = 2;

  /** The high and low half of each entry. */
  private long[] words;

  private int size;

  /** An empty list with room for n entries. */
  FingerprintList(int entries) {
    words = new long[Math.multiplyExact(WORDS, entries)];
  }

  /** The number of entries. */
  int size() {
    return size;
  }

  /** The heap that it takes, in bytes. */
  long heapBytes() {
    return Long.BYTES * (long) words.length;
  }

  /** The high half of an entry. */
  long high(int index) {
    return words[WORDS * index];
  }

  /** The low half of an entry. */
  long low(int index) {
    return words[WORDS * index + 1];
  }

  /** Adds an entry at the end. */
  void add(long high, long low) {
    int at = WORDS * size;
    if (at == words.length) {
      int entries = Math.addExact(size, size / 2 + 1);
      words = Arrays.copyOf(words, Math.multiplyExact(WORDS, entries));
    }
    words[at] = high;
    words[at + 1] = low;
    size++;
  }

  /** Adds all entries of another list. */
  void addAll(FingerprintList more) {
    for (int i = 0; i < more.size; i++) {
      add(more.high(i), more.low(i));
    }
  }

  /** The indexes of all entries, sorted by fingerprint as unsigned 128-bit number. */
  int[] sorted() {
    // Numbers sort faster than objects. The index replaces the lowest bits of the high half.
    long indexBits = Math.max(0, Long.highestOneBit(size) * 2 - 1);
    long[] keys = new long[size];
    for (int i = 0; i < size; i++) {
      keys[i] = ((high(i) & ~indexBits) | i) ^ Long.MIN_VALUE;
    }
    Arrays.sort(keys);
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      int at = i;
      int index = (int) (keys[i] & indexBits);
      for (; at > 0 && isAbove(order[at - 1], index); at--) {
        order[at] = order[at - 1];
      }
      order[at] = index;
    }
    return order;
  }

  /** Decides by the whole fingerprint, where the sorted bits agree. */
  private boolean isAbove(int a, int b) {
    int byHigh = Long.compareUnsigned(high(a), high(b));
    return byHigh > 0 || (byHigh == 0 && Long.compareUnsigned(low(a), low(b)) > 0);
  }
}
