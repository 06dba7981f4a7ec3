package io.nova.shard.fingerprint;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of fingerprints of an interval or of rows of a block, in their order: the
 * payload digests (8 bytes each), then upload times in microseconds, partitions with one added (0
 * where nothing is remembered) and offsets, each as {@link PackedNumbers}. Within five minutes
 * these take 4, 1 and 3 to 4 bytes. Immutable.
 */
public final class PackedWitnesses {
  private final ByteBuffer stored;
  private final int at;
  private final PackedNumbers uploads;
  private final PackedNumbers partitions;
  private final PackedNumbers offsets;
  private final int end;

  /** The witnesses of so many fingerprints, which begin at this byte. */
  public PackedWitnesses(ByteBuffer stored, int at, int count) {
    this.stored = stored;
    this.at = at;
    this.uploads = new PackedNumbers(stored, Math.addExact(at, Math.multiplyExact(8, count)));
    this.partitions = new PackedNumbers(stored, uploads.end(count));
    this.offsets = new PackedNumbers(stored, partitions.end(count));
    this.end = offsets.end(count);
  }

  /** Packs a list of which one at least is known, in its order. */
  public static PackedWitnesses of(WitnessList witnesses) {
    int[] order = new int[witnesses.size()];
    Arrays.setAll(order, i -> i);
    Writer writer = new Writer(witnesses);
    ByteBuffer target = ByteBuffer.allocate(writer.bytes(order.length));
    writer.write(target, order);
    return new PackedWitnesses(target, 0, order.length);
  }

  /** Writes a list of which one at least is known. */
  static final class Writer {
    private final WitnessList witnesses;
    private final PackedNumbers.Writer uploads = new PackedNumbers.Writer();
    private final PackedNumbers.Writer partitions = new PackedNumbers.Writer();
    private final PackedNumbers.Writer offsets = new PackedNumbers.Writer();

    Writer(WitnessList witnesses) {
      this.witnesses = witnesses;
      for (int i = 0; i < witnesses.size(); i++) {
        partitions.expect(witnesses.partitionPlusOne(i));
        if (witnesses.isKnown(i)) {
          uploads.expect(witnesses.uploadMicros(i));
          offsets.expect(witnesses.offset(i));
        }
      }
    }

    /** The bytes that so many of them take. */
    int bytes(int count) {
      int numbers =
          Math.addExact(
              Math.addExact(uploads.bytes(count), partitions.bytes(count)), offsets.bytes(count));
      return Math.addExact(Math.multiplyExact(Long.BYTES, count), numbers);
    }

    /**
     * Writes those with these indexes, in their order. Where nothing is remembered stands what
     * takes the least room.
     */
    void write(ByteBuffer target, int[] order) {
      for (int index : order) {
        target.putLong(witnesses.payload(index));
      }
      uploads.begin(target);
      for (int index : order) {
        boolean known = witnesses.isKnown(index);
        uploads.put(target, known ? witnesses.uploadMicros(index) : uploads.least());
      }
      partitions.begin(target);
      for (int index : order) {
        partitions.put(target, witnesses.partitionPlusOne(index));
      }
      offsets.begin(target);
      for (int index : order) {
        boolean known = witnesses.isKnown(index);
        offsets.put(target, known ? witnesses.offset(index) : offsets.least());
      }
    }
  }

  /** The bytes that they take. */
  public int bytes() {
    return end - at;
  }

  /** Writes them as they are stored. */
  public void copyTo(ByteBuffer target) {
    target.put(stored.slice(at, bytes()));
  }

  /** The first byte behind them. */
  int end() {
    return end;
  }

  /** What is remembered of one; null for nothing. */
  public @Nullable Witness get(int index) {
    long partition = partitions.get(index);
    return partition == 0
        ? null
        : new Witness(
            stored.getLong(at + 8 * index),
            uploads.get(index),
            (int) (partition - 1),
            offsets.get(index));
  }
}
