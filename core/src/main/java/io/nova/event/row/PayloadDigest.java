package io.nova.event.row;

import io.nova.event.identity.FingerprintKey;
import java.util.BitSet;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The 64-bit digest of an event's payload, which is what the client sent. Copies with the same
 * digest count as having the same payload.
 *
 * <p>What servers add does not count ({@link ServerStamps}), wherever it is stored: in its column,
 * in {@code extra} where it does not fit its column, or within a property object. All other columns
 * count, property objects by their bytes.
 *
 * <p>The hash is XXH64 (Collet) over the row's Avro bytes, seeded by the table's key so that nobody
 * outside can craft collisions. Not thread safe: one for each thread.
 */
public final class PayloadDigest {
  private final XXHash64 hash = XXHashFactory.fastestJavaInstance().hash64();
  private final long seed;
  private final BitSet leftOut = ServerStamps.columns(false);
  private final BitSet leftOutWithClientTime = ServerStamps.columns(true);

  public PayloadDigest(FingerprintKey key) {
    byte[] bytes = key.bytes();
    this.seed = hash.hash(bytes, 0, bytes.length, 0);
  }

  /**
   * The digest of an event.
   *
   * @param row what the encoder has just made of its fields
   */
  public long of(byte[] row, RowEncoder encoder) {
    byte[] payload = encoder.payload();
    return of(payload == null ? row : payload, encoder.starts());
  }

  /**
   * The digest of an event.
   *
   * @param rows an array that holds its row
   * @param starts where in it the export columns and {@code extra} begin, and where they end
   */
  long of(byte[] rows, int[] starts) {
    boolean clientTime =
        starts[ServerStamps.CLIENT_EVENT_TIME + 1] - starts[ServerStamps.CLIENT_EVENT_TIME] > 1;
    BitSet without = clientTime ? leftOutWithClientTime : leftOut;
    int last = starts.length - 1;
    long digest = seed;
    for (int from = without.nextClearBit(0); from < last; ) {
      int to = without.nextSetBit(from);
      to = to < 0 ? last : to;
      digest = hash.hash(rows, starts[from], starts[to] - starts[from], digest);
      from = without.nextClearBit(to);
    }
    return digest;
  }
}
