package io.nova.shard.fingerprint;

import java.nio.ByteBuffer;

/**
 * A column of numbers, each as its difference from the least, in as many bytes as the greatest
 * difference needs (frame of reference).
 *
 * <p>Stored form, big-endian: the least (8 bytes), bytes of a difference (1: 0 to 8), the
 * differences. Immutable.
 */
final class PackedNumbers {
  private static final int HEADER_BYTES = Long.BYTES + 1;

  private final ByteBuffer stored;
  private final int at;
  private final long least;
  private final int width;

  /** The column that begins at this byte. */
  PackedNumbers(ByteBuffer stored, int at) {
    this.stored = stored;
    this.at = at + HEADER_BYTES;
    this.least = stored.getLong(at);
    this.width = stored.get(at + Long.BYTES);
  }

  /**
   * Writes a column: is shown each number once, in any order, and then given each in the order of
   * the column.
   */
  static final class Writer {
    private long least = Long.MAX_VALUE;
    private long most = Long.MIN_VALUE;
    private int width;

    /** Notes that a number will come. */
    void expect(long number) {
      least = Math.min(least, number);
      most = Math.max(most, number);
    }

    /** The least that was expected. */
    long least() {
      return least;
    }

    /** The bytes of a column of so many of the numbers that were expected, one at least. */
    int bytes(int count) {
      return Math.addExact(HEADER_BYTES, Math.multiplyExact(width(), count));
    }

    private int width() {
      return (Long.SIZE - Long.numberOfLeadingZeros(most - least) + 7) / 8;
    }

    /** Writes what stands before the numbers, of which no more must be expected then. */
    void begin(ByteBuffer column) {
      width = width();
      column.putLong(least).put((byte) width);
    }

    /** Writes the next number. */
    void put(ByteBuffer column, long number) {
      for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
        column.put((byte) ((number - least) >>> shift));
      }
    }
  }

  /** The first byte behind a column of so many numbers. */
  int end(int count) {
    return at + width * count;
  }

  /** One of the numbers. */
  long get(int index) {
    long difference = 0;
    for (int i = at + width * index; i < at + width * (index + 1); i++) {
      difference = (difference << 8) | (stored.get(i) & 0xFF);
    }
    return least + difference;
  }
}
