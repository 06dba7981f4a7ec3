package io.nova.kafka;

import io.nova.event.Tally;
import io.nova.shard.Offer;
import org.jspecify.annotations.Nullable;

/** One Kafka record as read: either an event or a refusal. A Flink POJO. */
public final class Received {
  /** The app it names, as counters name it. */
  public String app = Tally.NO_APP;

  /** The shard that decides on it, where it is an event. */
  public int shard;

  /** The event; null where it is refused. */
  public @Nullable Offer event;

  /** The refusal; null where it is an event. */
  public @Nullable Rejected rejected;

  public Received() {}
}
