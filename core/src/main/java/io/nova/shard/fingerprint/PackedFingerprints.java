package io.nova.shard.fingerprint;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints of one interval's sealed blocks, a page of them: sorted, 16 bytes each, searched by
 * halving; and where there are any, their witnesses, some 16 bytes each.
 *
 * <p>Stored form, version 1, big-endian: version (1 byte), count (4), CRC-32C of what follows (4),
 * then each fingerprint as high and low (16), sorted as unsigned 128-bit numbers. Where anything is
 * remembered there follow {@link PackedWitnesses}, and a fingerprint may be there more than once,
 * with different payloads. Immutable.
 */
public final class PackedFingerprints {
  private static final byte VERSION = 1;
  private static final int HEADER_BYTES = 1 + 4 + 4;
  private static final int ENTRY_BYTES = 16;

  private final ByteBuffer stored;
  private final int count;
  private final @Nullable PackedWitnesses witnesses;

  private PackedFingerprints(byte[] stored, int count) {
    this.stored = ByteBuffer.wrap(stored);
    this.count = count;
    int end = endOfFingerprints(count);
    this.witnesses = stored.length > end ? new PackedWitnesses(this.stored, end, count) : null;
  }

  /** Packs the fingerprints of a set. */
  public static PackedFingerprints of(FingerprintSet fingerprints) {
    return of(fingerprints, new WitnessList());
  }

  /**
   * Packs the fingerprints of a set with what is remembered of them.
   *
   * @param witnesses of each entry of the set, in the order of their coming; none for nothing
   */
  public static PackedFingerprints of(FingerprintSet fingerprints, WitnessList witnesses) {
    return pages(fingerprints.entries(), witnesses, 0).get(0);
  }

  /**
   * Packs the fingerprints of a list, each to the page that its highest bits name ({@link
   * ColdPages}).
   *
   * @param remembered of each, in the order of the list; none for nothing
   * @param pageBits how many bits these are
   */
  static List<PackedFingerprints> pages(
      FingerprintList entries, WitnessList remembered, int pageBits) {
    if (remembered.any() && remembered.size() != entries.size()) {
      throw new IllegalArgumentException(
          "%s witnesses of %s fingerprints".formatted(remembered.size(), entries.size()));
    }
    int[] order = entries.sorted();
    PackedWitnesses.Writer witnesses =
        remembered.any() ? new PackedWitnesses.Writer(remembered) : null;
    List<PackedFingerprints> pages = new ArrayList<>(1 << pageBits);
    int from = 0;
    for (int page = 0; page < 1 << pageBits; page++) {
      int to = from;
      while (to < order.length && ColdPages.pageOf(entries.high(order[to]), pageBits) == page) {
        to++;
      }
      pages.add(pack(entries, witnesses, Arrays.copyOfRange(order, from, to)));
      from = to;
    }
    if (from != order.length) {
      throw new IllegalStateException(
          "%s of %s fingerprints have a page".formatted(from, order.length));
    }
    return pages;
  }

  /** These and others. */
  PackedFingerprints with(PackedFingerprints more) {
    FingerprintList all = new FingerprintList(Math.addExact(count, more.count));
    WitnessList ofAll = new WitnessList();
    appendTo(all, ofAll);
    more.appendTo(all, ofAll);
    return pages(all, ofAll, 0).get(0);
  }

  private static PackedFingerprints pack(
      FingerprintList entries, PackedWitnesses.@Nullable Writer witnesses, int[] order) {
    int length = endOfFingerprints(order.length);
    ByteBuffer bytes =
        ByteBuffer.allocate(
            witnesses == null ? length : Math.addExact(length, witnesses.bytes(order.length)));
    bytes.position(HEADER_BYTES);
    for (int index : order) {
      bytes.putLong(entries.high(index)).putLong(entries.low(index));
    }
    if (witnesses != null) {
      witnesses.write(bytes, order);
    }
    bytes.put(0, VERSION).putInt(1, order.length);
    bytes.putInt(5, checksum(bytes.array()));
    return new PackedFingerprints(bytes.array(), order.length);
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
    PackedFingerprints packed = bytes.getInt(5) == checksum(stored) ? layOut(stored, count) : null;
    if (packed == null || packed.bytes() != stored.length) {
      throw damaged(stored, "for " + count + " entries do not match their checksum");
    }
    return packed;
  }

  private static IllegalStateException damaged(byte[] stored, String found) {
    return new IllegalStateException(
        "Packed fingerprints: the %d bytes %s.".formatted(stored.length, found)
            + " The state is damaged: restore an older checkpoint or savepoint.");
  }

  private static @Nullable PackedFingerprints layOut(byte[] stored, int count) {
    try {
      return new PackedFingerprints(stored, count);
    } catch (IndexOutOfBoundsException | ArithmeticException damagedCount) {
      return null;
    }
  }

  /** The bytes of the stored form, if it holds as many entries as it says. */
  private int bytes() {
    return witnesses == null ? endOfFingerprints(count) : witnesses.end();
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
    return find(high, low) >= 0;
  }

  /** Shows a search every entry of its fingerprint; true where the search has ended. */
  boolean look(CopySearch copies) {
    int index = find(copies.high(), copies.low());
    while (index > 0 && compareAt(index - 1, copies.high(), copies.low()) == 0) {
      index--;
    }
    while (index >= 0 && index < count && compareAt(index, copies.high(), copies.low()) == 0) {
      if (copies.meets(witness(index++))) {
        return true;
      }
    }
    return false;
  }

  private int find(long high, long low) {
    int from = 0;
    int to = count - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = compareAt(middle, high, low);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1;
  }

  /** Adds these to a list, in their order. */
  void appendTo(FingerprintList all) {
    for (int i = 0; i < count; i++) {
      all.add(high(i), low(i));
    }
  }

  /** Adds these to a list, and what is remembered of them to another. */
  void appendTo(FingerprintList all, WitnessList ofAll) {
    appendTo(all);
    for (int i = 0; i < count; i++) {
      ofAll.add(witness(i));
    }
  }

  private long high(int index) {
    return stored.getLong(HEADER_BYTES + ENTRY_BYTES * index);
  }

  private long low(int index) {
    return stored.getLong(HEADER_BYTES + ENTRY_BYTES * index + Long.BYTES);
  }

  private @Nullable Witness witness(int index) {
    return witnesses == null ? null : witnesses.get(index);
  }

  private int compareAt(int index, long high, long low) {
    return compare(high(index), low(index), high, low);
  }

  private static int compare(long high1, long low1, long high2, long low2) {
    int order = Long.compareUnsigned(high1, high2);
    return order != 0 ? order : Long.compareUnsigned(low1, low2);
  }

  private static int endOfFingerprints(int count) {
    return Math.addExact(HEADER_BYTES, Math.multiplyExact(ENTRY_BYTES, count));
  }

  private static int checksum(byte[] stored) {
    CRC32C crc = new CRC32C();
    crc.update(stored, HEADER_BYTES, stored.length - HEADER_BYTES);
    return (int) crc.getValue();
  }
}
