package io.nova.shard.fingerprint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A page of the fingerprints of one interval's sealed blocks: sorted, 16 bytes each, searched by
 * bisection. Immutable.
 *
 * <p>Stored form, version 1, big-endian: version (1 byte), count (4), CRC-32C of what follows (4),
 * then the high and low half of each fingerprint (16), sorted as unsigned 128-bit numbers. A
 * fingerprint may be there more than once.
 */
public final class PackedFingerprints {
  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 1 + 4 + 4;
  private static final int ENTRY_BYTES = 16;

  private final ByteBuffer stored;
  private final int count;

  private PackedFingerprints(byte[] stored, int count) {
    this.stored = ByteBuffer.wrap(stored);
    this.count = count;
  }

  /** Packs the fingerprints of a set. */
  public static PackedFingerprints of(FingerprintSet fingerprints) {
    return pages(fingerprints.entries(), 0).get(0);
  }

  /**
   * Packs the fingerprints of a list, each to the page that its highest bits name ({@link
   * ColdPages}).
   *
   * @param pageBits the number of these bits
   */
  static List<PackedFingerprints> pages(FingerprintList entries, int pageBits) {
    int[] order = entries.sorted();
    List<PackedFingerprints> pages = new ArrayList<>(1 << pageBits);
    int from = 0;
    for (int page = 0; page < 1 << pageBits; page++) {
      int to = from;
      while (to < order.length && ColdPages.pageOf(entries.high(order[to]), pageBits) == page) {
        to++;
      }
      pages.add(pack(entries, order, from, to));
      from = to;
    }
    if (from != order.length) {
      throw new IllegalStateException(
          "%s of %s fingerprints have a page".formatted(from, order.length));
    }
    return pages;
  }

  /** A page of these fingerprints and others. */
  PackedFingerprints with(PackedFingerprints more) {
    FingerprintList all = new FingerprintList(Math.addExact(count, more.count));
    appendTo(all);
    more.appendTo(all);
    return pages(all, 0).get(0);
  }

  private static PackedFingerprints pack(FingerprintList entries, int[] order, int from, int to) {
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(lengthOf(to - from)));
    bytes.position(HEADER_BYTES);
    for (int i = from; i < to; i++) {
      bytes.putLong(entries.high(order[i])).putLong(entries.low(order[i]));
    }
    bytes.put(0, VERSION).putInt(1, to - from);
    bytes.putInt(5, checksum(bytes.array()));
    return new PackedFingerprints(bytes.array(), to - from);
  }

  /**
   * Reads the stored form.
   *
   * @throws IllegalStateException where version, length or checksum do not agree
   */
  public static PackedFingerprints read(byte[] stored) {
    ByteBuffer bytes = ByteBuffer.wrap(stored);
    if (stored.length < HEADER_BYTES) {
      throw damaged(stored, "are too few for a header");
    }
    if (stored[0] != VERSION) {
      throw new IllegalStateException(
          "Packed fingerprints: version %d found, %d expected.".formatted(stored[0], VERSION)
              + " Where a newer Nova wrote them, restore with that one; else the state is damaged:"
              + " restore an older checkpoint or savepoint.");
    }
    int count = bytes.getInt(1);
    if (bytes.getInt(5) != checksum(stored) || lengthOf(count) != stored.length) {
      throw damaged(stored, "for " + count + " entries do not match their checksum");
    }
    return new PackedFingerprints(stored, count);
  }

  private static IllegalStateException damaged(byte[] stored, String found) {
    return new IllegalStateException(
        "Packed fingerprints: the %d bytes %s.".formatted(stored.length, found)
            + " The state is damaged: restore an older checkpoint or savepoint.");
  }

  /** The stored form; not to be changed. */
  public byte[] stored() {
    return stored.array();
  }

  /** The number of fingerprints. */
  public int count() {
    return count;
  }

  /**
   * Shows a search every entry that it looks for; true where the search has ended.
   *
   * @param interval the interval of these fingerprints
   */
  public boolean look(CopySearch copies, long interval) {
    for (int i = firstFrom(copies.high(), copies.low() & ~1);
        i < count && high(i) == copies.high() && EventFingerprints.agree(low(i), copies.low());
        i++) {
      if (copies.meets(interval, low(i))) {
        return true;
      }
    }
    return false;
  }

  /** The index of the first entry that is not below a fingerprint; the count where all are. */
  private int firstFrom(long high, long low) {
    int from = 0;
    int to = count;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (compareAt(middle, high, low) < 0) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  /** Adds all fingerprints to a list, in order. */
  void appendTo(FingerprintList all) {
    for (int i = 0; i < count; i++) {
      all.add(high(i), low(i));
    }
  }

  private long high(int index) {
    return stored.getLong(HEADER_BYTES + ENTRY_BYTES * index);
  }

  private long low(int index) {
    return stored.getLong(HEADER_BYTES + ENTRY_BYTES * index + Long.BYTES);
  }

  private int compareAt(int index, long high, long low) {
    int byHigh = Long.compareUnsigned(high(index), high);
    return byHigh != 0 ? byHigh : Long.compareUnsigned(low(index), low);
  }

  /** The bytes of a page; no array has as many where the count is damaged. */
  private static long lengthOf(int count) {
    return HEADER_BYTES + ENTRY_BYTES * (long) count;
  }

  private static int checksum(byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored, HEADER_BYTES, stored.length - HEADER_BYTES);
    return (int) crc.getValue();
  }
}
