package io.nova.workload.replay;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * One record of the rejected topic; its form is in docs/formats.md.
 *
 * @param reason why the message was refused
 * @param topic topic that the message was read from
 * @param partition its partition there
 * @param offset its offset there
 * @param at when the refusal was written
 * @param original the message as it came; null where it had no value
 */
@SuppressWarnings("ArrayRecordComponent")
record RejectedMessage(
    String reason,
    String topic,
    int partition,
    long offset,
    Instant at,
    byte @Nullable [] original) {
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");

  /** What a record says; empty where it does not name a reason and a place. */
  static Optional<RejectedMessage> of(ConsumerRecord<byte[], byte[]> record) {
    String reason = header(record, "reason");
    String topic = header(record, "topic");
    long partition = number(header(record, "partition"));
    long offset = number(header(record, "offset"));
    if (reason.isEmpty()
        || topic.isEmpty()
        || partition < 0
        || partition > Integer.MAX_VALUE
        || offset < 0) {
      return Optional.empty();
    }
    Instant at = Instant.ofEpochMilli(record.timestamp());
    return Optional.of(
        new RejectedMessage(reason, topic, (int) partition, offset, at, record.value()));
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
