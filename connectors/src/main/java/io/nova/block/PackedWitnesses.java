package io.nova.block;

import java.io.ByteArrayOutputStream;
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

  /** The stored form of the witnesses of a list in this order; one at least must be there. */
  static byte[] pack(FingerprintList entries, int[] order) {
    int some = anyWitnessed(entries, order);
    ByteBuffer payloads = ByteBuffer.allocate(Math.multiplyExact(8, order.length));
    long[] uploads = new long[order.length];
    long[] partitions = new long[order.length];
    long[] offsets = new long[order.length];
    for (int i = 0; i < order.length; i++) {
      partitions[i] = entries.partitionPlusOne(order[i]);
      payloads.putLong(partitions[i] == 0 ? 0 : entries.payload(order[i]));
      // Where nothing is remembered, the number of another takes the least room.
      int from = partitions[i] == 0 ? some : order[i];
      uploads[i] = entries.uploadMicros(from);
      offsets[i] = entries.offset(from);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream(24 * order.length + 32);
    all.writeBytes(payloads.array());
    all.writeBytes(PackedNumbers.pack(uploads));
    all.writeBytes(PackedNumbers.pack(partitions));
    all.writeBytes(PackedNumbers.pack(offsets));
    return all.toByteArray();
  }

  private static int anyWitnessed(FingerprintList entries, int[] order) {
    for (int index : order) {
      if (entries.partitionPlusOne(index) != 0) {
        return index;
      }
    }
    throw new IllegalArgumentException(
        "Nothing is remembered of " + order.length + " fingerprints");
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
