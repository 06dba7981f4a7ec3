package io.nova.shard.fingerprint;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of consecutive entries of a {@link FingerprintSet}, on its way to be packed:
 * from the first one on of which anything is, 32 bytes each. Not thread safe.
 */
public final class WitnessList {
  private static final int WORDS = 4;
  private static final int LEAST_ENTRIES = 10;

  private final int expected;

  /** Of each entry what the accessors below name; empty while nothing is remembered of any. */
  private long[] words = {};

  private int size;
  private int known;

  /** An empty list. */
  public WitnessList() {
    this(LEAST_ENTRIES);
  }

  /** An empty list that does not grow before it has so many, once anything is remembered. */
  public WitnessList(int expected) {
    this.expected = Math.max(LEAST_ENTRIES, expected);
  }

  /** Adds an entry; null where nothing is remembered of it. */
  public void add(@Nullable Witness witness) {
    if (witness != null) {
      reserve();
      int at = WORDS * size;
      words[at] = witness.payload();
      words[at + 1] = witness.uploadMicros();
      words[at + 2] = witness.partition() + 1L;
      words[at + 3] = witness.offset();
      known++;
    }
    size++;
  }

  private void reserve() {
    if (words.length < WORDS * (size + 1)) {
      int entries = Math.max(expected, Math.addExact(size, size / 2 + 1));
      words = Arrays.copyOf(words, Math.multiplyExact(WORDS, entries));
    }
  }

  /** Adds so many entries of which nothing is remembered. */
  public void addUnknown(int entries) {
    size = Math.addExact(size, entries);
  }

  /** Adds so many packed ones. */
  public void addAll(PackedWitnesses packed, int entries) {
    for (int i = 0; i < entries; i++) {
      add(packed.get(i));
    }
  }

  /** The heap that they take. */
  public long heapBytes() {
    return Long.BYTES * (long) words.length;
  }

  /** Adds all of another. */
  public void addAll(WitnessList more) {
    for (int i = 0; i < more.size; i++) {
      add(more.get(i));
    }
  }

  /** What is remembered of one; null for nothing. */
  public @Nullable Witness get(int index) {
    return isKnown(index)
        ? new Witness(
            payload(index), uploadMicros(index), (int) (partitionPlusOne(index) - 1), offset(index))
        : null;
  }

  /** How many entries there are. */
  public int size() {
    return size;
  }

  /** Whether anything is remembered of any of them. */
  public boolean any() {
    return words.length > 0;
  }

  /** Whether something is remembered of each of them. */
  public boolean all() {
    return known == size;
  }

  /** Whether anything is remembered of one. */
  public boolean isKnown(int index) {
    return partitionPlusOne(index) != 0;
  }

  /** Digest of the payload of one; 0 where it is not known. */
  long payload(int index) {
    return word(index, 0);
  }

  /** Upload time of one in microseconds; 0 where it is not known. */
  long uploadMicros(int index) {
    return word(index, 1);
  }

  /** The partition of one with one added; 0 where it is not known. */
  long partitionPlusOne(int index) {
    return word(index, 2);
  }

  /** The offset of one; 0 where it is not known. */
  long offset(int index) {
    return word(index, 3);
  }

  private long word(int index, int word) {
    int at = WORDS * index + word;
    return at < words.length ? words[at] : 0;
  }
}
