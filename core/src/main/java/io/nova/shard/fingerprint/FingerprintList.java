package io.nova.shard.fingerprint;

import java.util.Arrays;

/**
 * Fingerprints of 128 bits one behind the other, 16 bytes each. It grows by half.
 *
 * <p>What comes in stands side by side in memory, so that a new entry costs one access to a place
 * that the processor has not just seen. Not thread safe.
 */
final class FingerprintList {
  private static final int WORDS = 2;

  /** Of each entry high and low. */
  private long[] words;

  private int size;

  /** An empty list with room for so many. */
  FingerprintList(int entries) {
    words = new long[Math.multiplyExact(WORDS, entries)];
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** The heap that it takes. */
  long heapBytes() {
    return Long.BYTES * (long) words.length;
  }

  /** The high half of one. */
  long high(int index) {
    return words[WORDS * index];
  }

  /** The low half of one. */
  long low(int index) {
    return words[WORDS * index + 1];
  }

  /** Adds one at the end. */
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

  /** Adds all of another. */
  void addAll(FingerprintList more) {
    for (int i = 0; i < more.size; i++) {
      add(more.high(i), more.low(i));
    }
  }

  /** The indexes of all, in the order of the fingerprints as unsigned numbers of 128 bits. */
  int[] sorted() {
    // Numbers sort faster than objects: the lowest bits of the high half give way to the index.
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

  /** Where the bits agree by which they were sorted first, the whole decides. */
  private boolean isAbove(int a, int b) {
    int byHigh = Long.compareUnsigned(high(a), high(b));
    return byHigh > 0 || (byHigh == 0 && Long.compareUnsigned(low(a), low(b)) > 0);
  }
}
