package io.nova.block;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of the fingerprints of an interval, in their order: the payload digests (8
 * bytes each), then upload times in microseconds, partitions with one added (0 where nothing is
 * remembered) and offsets, each as {@link PackedNumbers}. Within five minutes these take 4, 1 and 3
 * to 4 bytes. Immutable.
 */
final class PackedWitnesses {
  private final ByteBuffer stored;
  private final int at;
  private final PackedNumbers uploads;
  private final PackedNumbers partitions;
  private final PackedNumbers offsets;
  private final int end;

  /** The witnesses of so many fingerprints, which begin at this byte. */
  PackedWitnesses(ByteBuffer stored, int at, int count) {
    this.stored = stored;
    this.at = at;
    this.uploads = new PackedNumbers(stored, Math.addExact(at, Math.multiplyExact(8, count)));
    this.partitions = new PackedNumbers(stored, uploads.end(count));
    this.offsets = new PackedNumbers(stored, partitions.end(count));
    this.end = offsets.end(count);
  }

  /** Writes the witnesses of a list of which one at least has one. */
  static final class Writer {
    private final FingerprintList entries;
    private final PackedNumbers.Writer uploads = new PackedNumbers.Writer();
    private final PackedNumbers.Writer partitions = new PackedNumbers.Writer();
    private final PackedNumbers.Writer offsets = new PackedNumbers.Writer();

    Writer(FingerprintList entries) {
      this.entries = entries;
      for (int i = 0; i < entries.size(); i++) {
        partitions.expect(entries.partitionPlusOne(i));
        if (entries.partitionPlusOne(i) != 0) {
          uploads.expect(entries.uploadMicros(i));
          offsets.expect(entries.offset(i));
        }
      }
    }

    /** The bytes that they take. */
    int bytes() {
      int count = entries.size();
      int numbers =
          Math.addExact(
              Math.addExact(uploads.bytes(count), partitions.bytes(count)), offsets.bytes(count));
      return Math.addExact(Math.multiplyExact(Long.BYTES, count), numbers);
    }

    /** Writes them in an order. Where nothing is remembered stands what takes the least room. */
    void write(ByteBuffer target, int[] order) {
      for (int index : order) {
        target.putLong(entries.partitionPlusOne(index) == 0 ? 0 : entries.payload(index));
      }
      uploads.begin(target);
      for (int index : order) {
        boolean known = entries.partitionPlusOne(index) != 0;
        uploads.put(target, known ? entries.uploadMicros(index) : uploads.least());
      }
      partitions.begin(target);
      for (int index : order) {
        partitions.put(target, entries.partitionPlusOne(index));
      }
      offsets.begin(target);
      for (int index : order) {
        boolean known = entries.partitionPlusOne(index) != 0;
        offsets.put(target, known ? entries.offset(index) : offsets.least());
      }
    }
  }

  /** The first byte behind them. */
  int end() {
    return end;
  }

  /** What is remembered of one; null for nothing. */
  @Nullable Witness get(int index) {
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
