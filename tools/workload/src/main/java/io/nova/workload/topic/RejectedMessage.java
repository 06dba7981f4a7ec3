package io.nova.workload.topic;

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
 * @param at when the record was written
 * @param value the message's bytes; null when it has no value
 * @param truncated whether the message had a value that the rejected topic did not take
 */
@SuppressWarnings("ArrayRecordComponent")
public record RejectedMessage(
    String reason,
    String topic,
    int partition,
    long offset,
    Instant at,
    byte @Nullable [] value,
    boolean truncated) {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /** A message with its value. */
  public RejectedMessage(
      String reason,
      String topic,
      int partition,
      long offset,
      Instant at,
      byte @Nullable [] value) {
    this(reason, topic, partition, offset, at, value, false);
  }

  /** Reads a record of the rejected topic. */
  public static RejectedMessage of(ConsumerRecord<byte[], byte[]> record) {
    long partition = number(header(record, "partition"));
    return new RejectedMessage(
        header(record, "reason"),
        header(record, "topic"),
        partition > Integer.MAX_VALUE ? -1 : (int) partition,
        number(header(record, "offset")),
        Instant.ofEpochMilli(record.timestamp()),
        record.value(),
        record.headers().lastHeader("truncated") != null);
  }

  /** Whether the record names topic, partition and offset of the message. */
  public boolean hasPosition() {
    return !topic.isEmpty() && partition >= 0 && offset >= 0;
  }

  /** The record with the value that it was written without. */
  public RejectedMessage withValue(byte[] original) {
    return new RejectedMessage(reason, topic, partition, offset, at, original, truncated);
  }

  /** Topic, partition and offset, for messages. */
  public String position() {
    return "%s/%d@%d".formatted(topic, partition, offset);
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
