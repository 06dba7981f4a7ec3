package io.nova.block;

import org.jspecify.annotations.Nullable;

/**
 * A set of 128-bit fingerprints: open addressing with linear probing, two longs a slot, at most two
 * thirds full, so about 24 to 48 bytes an entry. Where witnesses are given, another four longs a
 * slot hold them; a fingerprint may then be there more than once, with different payloads.
 *
 * <p>An empty slot is two zeros; the fingerprint of two zeros is kept aside, without its witness.
 * Not thread safe.
 */
public final class FingerprintSet {
  private static final int FIRST_SLOTS = 16;
  private static final int WITNESS_WORDS = 4;

  private long[] words = new long[2 * FIRST_SLOTS];
  private long @Nullable [] witnesses;
  private int size;
  private boolean holdsZero;

  /** Takes the entries of a set. */
  public interface Consumer {
    /** One fingerprint, and what is remembered of it; null for nothing. */
    void entry(long high, long low, @Nullable Witness witness);
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
    return size;
  }

  /** The heap that it takes. */
  public long heapBytes() {
    return Long.BYTES * (words.length + (witnesses == null ? 0L : witnesses.length));
  }

  /** Adds one; false where it was there. */
  public boolean add(long high, long low) {
    return add(high, low, null);
  }

  /** Adds one with what is to be remembered of it; false where it was there with this payload. */
  public boolean add(long high, long low, @Nullable Witness witness) {
    if ((high | low) == 0) {
      boolean added = !holdsZero;
      holdsZero = true;
      size += added ? 1 : 0;
      return added;
    }
    int at = find(words, high, low);
    while (isAt(at, high, low)) {
      if (samePayload(at, witness)) {
        return false;
      }
      at = at + 2 & words.length - 1;
      while (isTaken(words, at) && !isAt(at, high, low)) {
        at = at + 2 & words.length - 1;
      }
    }
    words[at] = high;
    words[at + 1] = low;
    if (witness != null) {
      put(at, witness);
    }
    size++;
    growIfFull();
    return true;
  }

  private boolean samePayload(int at, @Nullable Witness witness) {
    Witness there = witness(at);
    if (witness == null) {
      return there == null;
    }
    return there != null && witness.payload() == there.payload();
  }

  /** A partition is stored with one added, so that zero is nobody. */
  private void put(int at, Witness witness) {
    if (witnesses == null) {
      witnesses = new long[words.length / 2 * WITNESS_WORDS];
    }
    int slot = at / 2 * WITNESS_WORDS;
    witnesses[slot] = witness.payload();
    witnesses[slot + 1] = witness.uploadMicros();
    witnesses[slot + 2] = witness.partition() + 1L;
    witnesses[slot + 3] = witness.offset();
  }

  /** Whether it is there. */
  public boolean contains(long high, long low) {
    if ((high | low) == 0) {
      return holdsZero;
    }
    return isAt(find(words, high, low), high, low);
  }

  /** Shows a search every entry of its fingerprint; true where the search has ended. */
  boolean look(CopySearch copies) {
    long high = copies.high();
    long low = copies.low();
    if ((high | low) == 0) {
      return holdsZero && copies.meets(null);
    }
    for (int at = find(words, high, low); isTaken(words, at); at = at + 2 & words.length - 1) {
      if (isAt(at, high, low) && copies.meets(witness(at))) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Witness witness(int at) {
    if (witnesses == null) {
      return null;
    }
    int slot = at / 2 * WITNESS_WORDS;
    return witnesses[slot + 2] == 0
        ? null
        : new Witness(
            witnesses[slot],
            witnesses[slot + 1],
            (int) (witnesses[slot + 2] - 1),
            witnesses[slot + 3]);
  }

  /** Hands out all of them, in no order. */
  public void forEach(Consumer consumer) {
    if (holdsZero) {
      consumer.entry(0, 0, null);
    }
    for (int i = 0; i < words.length; i += 2) {
      if ((words[i] | words[i + 1]) != 0) {
        consumer.entry(words[i], words[i + 1], witness(i));
      }
    }
  }

  private boolean isAt(int at, long high, long low) {
    return words[at] == high && words[at + 1] == low;
  }

  private static boolean isTaken(long[] words, int at) {
    return (words[at] | words[at + 1]) != 0;
  }

  /** Where the fingerprint is first, or the empty slot where it would go. */
  private static int find(long[] words, long high, long low) {
    int at = home(words, low);
    while (isTaken(words, at) && (words[at] != high || words[at + 1] != low)) {
      at = at + 2 & words.length - 1;
    }
    return at;
  }

  private static int home(long[] words, long low) {
    return (int) (low ^ low >>> 32) << 1 & words.length - 1;
  }

  private void growIfFull() {
    if (size * 3L <= words.length) {
      return;
    }
    long[] old = words;
    long[] oldWitnesses = witnesses;
    words = new long[Math.multiplyExact(old.length, 2)];
    witnesses = oldWitnesses == null ? null : new long[2 * oldWitnesses.length];
    for (int from = 0; from < old.length; from += 2) {
      if (isTaken(old, from)) {
        move(old, oldWitnesses, from);
      }
    }
  }

  private void move(long[] old, long @Nullable [] oldWitnesses, int from) {
    int at = home(words, old[from + 1]);
    while (isTaken(words, at)) {
      at = at + 2 & words.length - 1;
    }
    words[at] = old[from];
    words[at + 1] = old[from + 1];
    if (oldWitnesses != null && witnesses != null) {
      int to = at / 2 * WITNESS_WORDS;
      System.arraycopy(oldWitnesses, from / 2 * WITNESS_WORDS, witnesses, to, WITNESS_WORDS);
    }
  }
}
