package io.nova.block;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The fingerprints of one sealed block: sorted, 16 bytes each, searched by halving.
 *
 * <p>Stored form, version 1, big-endian: version (1 byte), count (4), CRC-32C of the fingerprints
 * (4), then each as high and low (16), sorted as unsigned 128-bit numbers. Immutable.
 */
public final class PackedFingerprints {
  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 1 + 4 + 4;
  static final int ENTRY_BYTES = 16;

  private final ByteBuffer stored;
  private final int count;

  private PackedFingerprints(byte[] stored, int count) {
    this.stored = ByteBuffer.wrap(stored);
    this.count = count;
  }

  /**
   * Packs pairs of longs, high then low.
   *
   * @param pairs in any order, without repeats
   */
  public static PackedFingerprints of(long[] pairs) {
    long[][] sorted = new long[pairs.length / 2][];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = new long[] {pairs[2 * i], pairs[2 * i + 1]};
    }
    Arrays.sort(sorted, (a, b) -> compare(a[0], a[1], b[0], b[1]));
    ByteBuffer bytes = ByteBuffer.allocate(HEADER_BYTES + ENTRY_BYTES * sorted.length);
    bytes.position(HEADER_BYTES);
    for (long[] entry : sorted) {
      bytes.putLong(entry[0]).putLong(entry[1]);
    }
    bytes.put(0, VERSION).putInt(1, sorted.length).putInt(5, checksum(bytes.array()));
    return new PackedFingerprints(bytes.array(), sorted.length);
  }

  /**
   * Reads the stored form.
   *
   * @throws IllegalStateException where version, length or checksum do not agree
   */
  public static PackedFingerprints read(byte[] stored) {
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    if (stored.length < HEADER_BYTES || bytes.get(0) != VERSION) {
      throw new IllegalStateException(
          "Packed fingerprints: "
              + stored.length
              + " bytes of an unknown version; expected "
              + VERSION);
    }
    int count = bytes.getInt(1);
    if (stored.length != HEADER_BYTES + (long) ENTRY_BYTES * count
        || bytes.getInt(5) != checksum(stored)) {
      throw new IllegalStateException(
          "Packed fingerprints: the "
              + stored.length
              + " bytes for "
              + count
              + " entries do not match their checksum. The state is damaged: restore an older"
              + " checkpoint or savepoint.");
    }
    return new PackedFingerprints(stored, count);
  }

  /** The stored form; not to be changed. */
  public byte[] stored() {
    return stored.array();
  }

  /** How many there are. */
  public int count() {
    return count;
  }

  /** Whether it is there. */
  public boolean contains(long high, long low) {
    int from = 0;
    int to = count - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = compare(high(middle), low(middle), high, low);
      if (order == 0) {
        return true;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return false;
  }

  /** These and the given pairs, which must not be among these. */
  public PackedFingerprints with(long[] pairs) {
    long[] all = Arrays.copyOf(pairs, pairs.length + 2 * count);
    for (int i = 0; i < count; i++) {
      all[pairs.length + 2 * i] = high(i);
      all[pairs.length + 2 * i + 1] = low(i);
    }
    return of(all);
  }

  private long high(int index) {
    return stored.getLong(HEADER_BYTES + ENTRY_BYTES * index);
  }

  private long low(int index) {
    return stored.getLong(HEADER_BYTES + ENTRY_BYTES * index + Long.BYTES);
  }

  private static int compare(long high1, long low1, long high2, long low2) {
    int order = Long.compareUnsigned(high1, high2);
    return order != 0 ? order : Long.compareUnsigned(low1, low2);
  }

  private static int checksum(byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored, HEADER_BYTES, stored.length - HEADER_BYTES);
    return (int) crc.getValue();
  }
}
