package io.nova.kafka.batches.client;

import io.nova.event.identity.Fingerprint;
import java.nio.ByteBuffer;

/**
 * A late event as a row of the table.
 *
 * @param event the late event
 * @param fingerprint of its identity
 * @param interval the block interval of its upload time, counted since 1970
 * @param windowBlocks its dedup window in block intervals
 * @param beside whether an admitted copy does not exclude it: its policy keeps conflicting payloads
 *     beside each other, and a shard rejected it only because its batch was closed
 * @param row the Avro bytes of {@link io.nova.event.row.EventSchema#avro()}, whose position stays
 */
public record LateRow(
    LateEvent event,
    Fingerprint fingerprint,
    long interval,
    int windowBlocks,
    boolean beside,
    ByteBuffer row) {
  /** Whether a row of the same identity in some interval is within the dedup window. */
  boolean isNear(long otherInterval) {
    return firstInterval() <= otherInterval && otherInterval <= lastInterval();
  }

  /** The first interval of the dedup window. */
  public long firstInterval() {
    return interval - windowBlocks;
  }

  /** The last interval of the dedup window. */
  public long lastInterval() {
    return interval + windowBlocks;
  }
}
