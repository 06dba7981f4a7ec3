package io.nova.block;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
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

  /** The stored form; one witness at least must be there. */
  static byte[] pack(List<@Nullable Witness> witnesses) {
    Witness some = witnesses.stream().filter(Objects::nonNull).findFirst().orElseThrow();
    ByteBuffer payloads = ByteBuffer.allocate(Math.multiplyExact(8, witnesses.size()));
    witnesses.forEach(witness -> payloads.putLong(witness == null ? 0 : witness.payload()));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(payloads.array());
    all.writeBytes(column(witnesses, some, Witness::uploadMicros));
    all.writeBytes(
        PackedNumbers.pack(
            witnesses.stream().mapToLong(w -> w == null ? 0 : w.partition() + 1L).toArray()));
    all.writeBytes(column(witnesses, some, Witness::offset));
    return all.toByteArray();
  }

  /** Where nothing is remembered, the number of another takes the least room. */
  private static byte[] column(
      List<@Nullable Witness> witnesses, Witness some, ToLongFunction<Witness> number) {
    return PackedNumbers.pack(
        witnesses.stream().mapToLong(w -> number.applyAsLong(w == null ? some : w)).toArray());
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
