package io.nova.kafka;

import org.jspecify.annotations.Nullable;

/**
 * An admitted event on its way to the admitted topic. A Flink POJO.
 *
 * <p>The bytes are shared, not copied: nobody changes them.
 */
public final class Admitted {
  private static final byte[] NONE = {};

  /** Topic that its message was read from. */
  public String topic = "";

  /** Kafka partition that its message was read from. */
  public int partition;

  /** Offset of its message there. */
  public long offset;

  /** Its place among the elements of its message; 0 in a message of one event. */
  public int index;

  /** Upload time, microseconds since 1970. */
  public long uploadMicros;

  /** Its batch. */
  public long batch;

  /** High half of the fingerprint of its identity. */
  public long high;

  /** Low half of the fingerprint. */
  public long low;

  /** The run of the job that admitted it; empty where the shard did not know it in time. */
  public String generation = "";

  /** The bytes of its message, or of its element of the message. */
  public byte[] original = NONE;

  /** The envelope of an element; null where the message is the event. */
  public byte @Nullable [] envelope;

  public Admitted() {}
}
