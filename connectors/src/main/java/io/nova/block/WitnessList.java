package io.nova.block;

import java.util.Arrays;

/** Witnesses in the order they came, four longs each. Not thread safe. */
final class WitnessList {
  private static final int WORDS = 4;
  private static final int FIRST = 16;

  private long[] words = {};
  private int size;

  /** Adds one; its number, from 0. */
  int add(Witness witness) {
    int at = WORDS * size;
    if (at == words.length) {
      int more = Math.max(FIRST, size >> 1);
      words = Arrays.copyOf(words, Math.multiplyExact(WORDS, size + more));
    }
    words[at] = witness.payload();
    words[at + 1] = witness.uploadMicros();
    words[at + 2] = witness.partition();
    words[at + 3] = witness.offset();
    return size++;
  }

  /** The witness with this number. */
  Witness get(int number) {
    int at = WORDS * number;
    return new Witness(words[at], words[at + 1], (int) words[at + 2], words[at + 3]);
  }

  /** The heap that they take. */
  long heapBytes() {
    return (long) Long.BYTES * words.length;
  }
}
