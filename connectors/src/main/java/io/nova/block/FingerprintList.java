package io.nova.block;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints of 128 bits one behind the other, 16 bytes each, and from the first one on that has
 * a witness 48 bytes each, the witness beside its fingerprint. It grows by half.
 *
 * <p>What comes in stands side by side in memory, so that a new entry costs one access to a place
 * that the processor has not just seen. Not thread safe.
 */
final class FingerprintList {
  private static final int BARE_WORDS = 2;
  private static final int WITNESSED_WORDS = 6;

  /** Of each entry high and low, and where witnesses are kept what the accessors below name. */
  private long[] words;

  private int wordsOfOne = BARE_WORDS;
  private int size;

  /** An empty list with room for so many. */
  FingerprintList(int entries) {
    words = new long[Math.multiplyExact(BARE_WORDS, entries)];
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** The heap that it takes. */
  long heapBytes() {
    return Long.BYTES * (long) words.length;
  }

  /** Whether anything is remembered of any of them. */
  boolean isWitnessed() {
    return wordsOfOne == WITNESSED_WORDS;
  }

  /** The high half of one. */
  long high(int index) {
    return words[wordsOfOne * index];
  }

  /** The low half of one. */
  long low(int index) {
    return words[wordsOfOne * index + 1];
  }

  /** Digest of the payload of one; means nothing where {@link #partitionPlusOne} is 0. */
  long payload(int index) {
    return witnessWord(index, 2);
  }

  /** Upload time of one in microseconds; means nothing where {@link #partitionPlusOne} is 0. */
  long uploadMicros(int index) {
    return witnessWord(index, 3);
  }

  /** The partition of one with one added; 0 where nothing is remembered of it. */
  long partitionPlusOne(int index) {
    return witnessWord(index, 4);
  }

  /** The offset of one; means nothing where {@link #partitionPlusOne} is 0. */
  long offset(int index) {
    return witnessWord(index, 5);
  }

  private long witnessWord(int index, int word) {
    return isWitnessed() ? words[WITNESSED_WORDS * index + word] : 0;
  }

  /** What is remembered of one; null for nothing. */
  @Nullable Witness witness(int index) {
    long partition = partitionPlusOne(index);
    return partition == 0
        ? null
        : new Witness(payload(index), uploadMicros(index), (int) (partition - 1), offset(index));
  }

  /** Adds one at the end. */
  void add(long high, long low, @Nullable Witness witness) {
    if (witness != null && !isWitnessed()) {
      makeRoomForWitnesses();
    }
    int at = wordsOfOne * size;
    if (at == words.length) {
      grow();
    }
    words[at] = high;
    words[at + 1] = low;
    if (witness != null) {
      words[at + 2] = witness.payload();
      words[at + 3] = witness.uploadMicros();
      words[at + 4] = witness.partition() + 1L;
      words[at + 5] = witness.offset();
    }
    size++;
  }

  private void makeRoomForWitnesses() {
    long[] bare = words;
    words = new long[Math.multiplyExact(WITNESSED_WORDS, bare.length / BARE_WORDS)];
    wordsOfOne = WITNESSED_WORDS;
    for (int i = 0; i < size; i++) {
      System.arraycopy(bare, BARE_WORDS * i, words, WITNESSED_WORDS * i, BARE_WORDS);
    }
  }

  private void grow() {
    int entries = Math.addExact(size, size / 2 + 1);
    words = Arrays.copyOf(words, Math.multiplyExact(wordsOfOne, entries));
  }

  /** Adds all of another. */
  void addAll(FingerprintList more) {
    for (int i = 0; i < more.size; i++) {
      add(more.high(i), more.low(i), more.witness(i));
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
