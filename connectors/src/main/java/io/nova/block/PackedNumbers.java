package io.nova.block;

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

  /** The stored form of at least one number. */
  static byte[] pack(long[] numbers) {
    long least = numbers[0];
    long most = numbers[0];
    for (long number : numbers) {
      least = Math.min(least, number);
      most = Math.max(most, number);
    }
    int width = (Long.SIZE - Long.numberOfLeadingZeros(most - least) + 7) / 8;
    byte[] packed =
        new byte[Math.addExact(HEADER_BYTES, Math.multiplyExact(width, numbers.length))];
    ByteBuffer.wrap(packed).putLong(least).put((byte) width);
    int next = HEADER_BYTES;
    for (long number : numbers) {
      for (int shift = 8 * (width - 1); shift >= 0; shift -= 8) {
        packed[next++] = (byte) ((number - least) >>> shift);
      }
    }
    return packed;
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
