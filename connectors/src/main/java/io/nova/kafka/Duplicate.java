package io.nova.kafka;

import io.nova.event.Tally;
import io.nova.shard.CopyKind;

/**
 * A dropped copy of an event, on its way to the duplicates topic. A Flink POJO.
 *
 * <p>The first copy is the admitted one that the shard found. It is in the table, where its
 * identity finds it.
 */
public final class Duplicate {
  /** App and fields of the identity, as the text of a JSON object. */
  public String identity = "{}";

  /** The app, as counters name it. */
  public String app = Tally.NO_APP;

  /** How its payload compares with the first copy's. */
  public CopyKind kind = CopyKind.UNKNOWN;

  /** Upload time, microseconds since 1970. */
  public long uploadMicros;

  /** Topic that it was read from. */
  public String topic = "";

  /** Kafka partition that it was read from. */
  public int partition;

  /** Offset in that partition. */
  public long offset;

  /** Its place among the elements of its message; 0 in a message of one event. */
  public int index;

  /** Its block interval less that of the first copy, in blocks; may be negative. */
  public long gapBlocks;

  public Duplicate() {}
}
