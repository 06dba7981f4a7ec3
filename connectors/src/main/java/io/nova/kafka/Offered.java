package io.nova.kafka;

import io.nova.event.Tally;

/** An event on its way to its shard. A Flink POJO. */
public final class Offered {
  private static final byte[] NONE = {};

  /** High half of its fingerprint. */
  public long high;

  /** Low half of its fingerprint. */
  public long low;

  /** When our servers received it, microseconds since 1970. */
  public long uploadMicros;

  /** Its app, as counters name it. */
  public String app = Tally.NO_APP;

  /** Kafka partition it was read from. */
  public int partition;

  /** Its offset there. */
  public long offset;

  /** Its row, Avro. */
  public byte[] row = NONE;

  /** The message as it came, for the rejected topic. */
  public byte[] original = NONE;

  public Offered() {}
}
