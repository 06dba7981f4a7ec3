package io.nova.kafka;

import io.nova.event.Tally;
import io.nova.shard.Offer;
import org.jspecify.annotations.Nullable;

/** An event or a rejected message, as read from a Kafka record or its element. A Flink POJO. */
public final class Received {
  /** Its app, as counters name it. */
  public String app = Tally.NO_APP;

  /** The shard of the event. */
  public int shard;

  /** The event; null where the message is rejected. */
  public @Nullable Offer event;

  /**
   * Time of the event's Kafka record, microseconds since 1970. It is the event's upload time where
   * the record has none.
   */
  public long recordMicros;

  /** The rejected message; null where it is an event. */
  public @Nullable Rejected rejected;

  /**
   * Whether it is a message without any element: nothing was received, but its offset was read.
   * Then it has neither an event nor a rejected message.
   */
  public boolean nothing;

  /** Kafka partition of a message without any element. */
  public int partition;

  /** Its offset there. */
  public long offset;

  public Received() {}
}
