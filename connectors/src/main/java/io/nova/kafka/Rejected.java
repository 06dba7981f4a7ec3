package io.nova.kafka;

import io.nova.event.Micros;
import io.nova.event.RejectReason;
import org.jspecify.annotations.Nullable;

/** A rejected message or element of a message, on its way to the rejected topic. A Flink POJO. */
public final class Rejected {
  /** The longest detail, in characters. A message's text may be part of it. */
  private static final int LONGEST_DETAIL = 1000;

  /** The reason. */
  public RejectReason reason = RejectReason.NOT_JSON;

  /** What was found and what was expected; of bounded length. */
  public String detail = "";

  /** Topic it was read from. */
  public String topic = "";

  /** Kafka partition it was read from. */
  public int partition;

  /** Its offset there. */
  public long offset;

  /** Its place among the elements of its message; 0 for a whole message. */
  public int index;

  /**
   * Its upload time, microseconds since 1970; {@link Micros#UNKNOWN} where no shard rejected it.
   */
  public long uploadMicros = Micros.UNKNOWN;

  /** The bytes of the message or the element; null where the record had no value. */
  public byte @Nullable [] original;

  /** The envelope of an element; null where the whole message is rejected. */
  public byte @Nullable [] envelope;

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
    rejected.detail = shortened(detail);
    rejected.topic = topic;
    rejected.partition = partition;
    rejected.offset = offset;
    rejected.original = original;
    return rejected;
  }

  /** Notes the upload time, in microseconds since 1970. Returns this message. */
  public Rejected uploadedAt(long micros) {
    uploadMicros = micros;
    return this;
  }

  /**
   * Notes that this is one element of its message. Returns it.
   *
   * @param place its place in the message
   * @param around its envelope; no bytes where it is too large, or where a shard rejects the
   *     element and the mapping reads none
   */
  public Rejected element(int place, byte[] around) {
    index = place;
    envelope = around;
    return this;
  }

  private static String shortened(String detail) {
    return detail.length() > LONGEST_DETAIL ? detail.substring(0, LONGEST_DETAIL) + "..." : detail;
  }
}
