package io.nova.kafka;

import io.nova.event.RejectReason;
import org.jspecify.annotations.Nullable;

/** A rejected message, on its way to the rejected topic. A Flink POJO. */
public final class Rejected {
  /** The reason. */
  public RejectReason reason = RejectReason.NOT_JSON;

  /** What was found and what was expected. */
  public String detail = "";

  /** Topic it was read from. */
  public String topic = "";

  /** Kafka partition it was read from. */
  public int partition;

  /** Its offset there. */
  public long offset;

  /** The bytes of the message; null where the record had no value. */
  public byte @Nullable [] original;

  public Rejected() {}

  /** A rejected message from one place of a topic. */
  public static Rejected of(
      RejectReason reason,
      String detail,
      String topic,
      int partition,
      long offset,
      byte @Nullable [] original) {
    Rejected rejected = new Rejected();
    rejected.reason = reason;
    rejected.detail = detail;
    rejected.topic = topic;
    rejected.partition = partition;
    rejected.offset = offset;
    rejected.original = original;
    return rejected;
  }
}
