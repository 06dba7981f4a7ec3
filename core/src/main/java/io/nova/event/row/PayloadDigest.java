package io.nova.event.row;

import io.nova.event.identity.FingerprintKey;
import java.util.BitSet;
import java.util.List;
import net.jpountz.xxhash.XXHash64;
import net.jpountz.xxhash.XXHashFactory;

/**
 * The 64-bit digest of an event's payload, which is what the client sent. Copies with the same
 * digest count as having the same payload.
 *
 * <p>Columns that servers add do not count, because a client's retry arrives later and perhaps from
 * another address: the times of upload, receipt and processing, uuid, amplitude_id, the address and
 * the place derived from it. Nor does event_time where client_event_time is present, from which it
 * is computed. All other columns count, property objects by their bytes.
 *
 * <p>The hash is XXH64 (Collet) over the row's Avro bytes, seeded by the table's key so that nobody
 * outside can craft collisions. Not thread safe: one for each thread.
 */
public final class PayloadDigest {
  private static final List<String> ADDED_BY_SERVERS =
      List.of(
          "server_upload_time",
          "server_received_time",
          "processed_time",
          "client_upload_time",
          "uuid",
          "amplitude_id",
          "ip_address",
          "city",
          "country",
          "region",
          "dma");
  private static final int EVENT_TIME = EventSchema.indexOf("event_time");
  private static final int CLIENT_EVENT_TIME = EventSchema.indexOf("client_event_time");

  private final XXHash64 hash = XXHashFactory.fastestJavaInstance().hash64();
  private final long seed;
  private final BitSet leftOut = new BitSet();
  private final BitSet leftOutWithClientTime = new BitSet();

  public PayloadDigest(FingerprintKey key) {
    byte[] bytes = key.bytes();
    this.seed = hash.hash(bytes, 0, bytes.length, 0);
    ADDED_BY_SERVERS.forEach(name -> leftOut.set(EventSchema.indexOf(name)));
    leftOutWithClientTime.or(leftOut);
    leftOutWithClientTime.set(EVENT_TIME);
  }

  /**
   * The digest of an event.
   *
   * @param row what the encoder has just made of its fields
   */
  public long of(byte[] row, RowEncoder encoder) {
    return of(row, encoder.starts());
  }

  /**
   * The digest of an event.
   *
   * @param rows an array that holds its row
   * @param starts where in it the export columns and {@code extra} begin, and where they end
   */
  long of(byte[] rows, int[] starts) {
    boolean clientTime = starts[CLIENT_EVENT_TIME + 1] - starts[CLIENT_EVENT_TIME] > 1;
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
