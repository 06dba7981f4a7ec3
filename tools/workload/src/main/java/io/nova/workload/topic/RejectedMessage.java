package io.nova.workload.topic;

import io.nova.workload.input.Message;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One record of the rejected topic; docs/reference/formats.md describes its headers.
 *
 * @param reason why the job rejected the message; empty when the record does not say
 * @param topic the topic that the message was read from; empty when the record does not say
 * @param partition its partition there; -1 when the record does not say
 * @param offset its offset there; -1 when the record does not say
 * @param index its place among the elements of its message; 0 in a message of one event
 * @param at when the record was written
 * @param value the bytes of the message or element; null when it has no value
 * @param envelope the envelope of an element; null for a whole message
 * @param truncated whether the message had a value that the rejected topic did not take
 */
@SuppressWarnings("ArrayRecordComponent")
public record RejectedMessage(
    String reason,
    String topic,
    int partition,
    long offset,
    int index,
    Instant at,
    byte @Nullable [] value,
    byte @Nullable [] envelope,
    boolean truncated) {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /** A whole message with its value. */
  public RejectedMessage(
      String reason,
      String topic,
      int partition,
      long offset,
      Instant at,
      byte @Nullable [] value) {
    this(reason, topic, partition, offset, 0, at, value, null, false);
  }

  /** Reads a record of the rejected topic. */
  public static RejectedMessage of(ConsumerRecord<byte[], byte[]> record) {
    long partition = number(header(record, "partition"));
    return new RejectedMessage(
        header(record, "reason"),
        header(record, "topic"),
        partition > Integer.MAX_VALUE ? -1 : (int) partition,
        number(header(record, "offset")),
        (int) Math.max(0, number(header(record, "index"))),
        Instant.ofEpochMilli(record.timestamp()),
        record.value(),
        envelope(record),
        record.headers().lastHeader("truncated") != null);
  }

  /** Whether the record names topic, partition and offset of the message. */
  public boolean hasPosition() {
    return !topic.isEmpty() && partition >= 0 && offset >= 0;
  }

  /** The record with the value and the envelope that it was written without. */
  public RejectedMessage withValue(byte @Nullable [] original, byte @Nullable [] around) {
    return new RejectedMessage(
        reason, topic, partition, offset, index, at, original, around, truncated);
  }

  /** Topic, partition, offset and index, for messages. */
  public String position() {
    return "%s/%d@%d.%d".formatted(topic, partition, offset, index);
  }

  private static byte @Nullable [] envelope(ConsumerRecord<byte[], byte[]> record) {
    Header header = record.headers().lastHeader(Message.ELEMENT);
    if (header == null) {
      return null;
    }
    return header.value() == null ? new byte[0] : header.value();
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static long number(String text) {
    return NUMBER.matcher(text).matches() ? Long.parseLong(text) : -1;
  }
}
