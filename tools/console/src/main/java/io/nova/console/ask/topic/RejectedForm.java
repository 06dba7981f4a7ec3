package io.nova.console.ask.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.kafka.KafkaPlace;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Rejected messages. The value of a record is the original bytes, and the rest is in headers.
 *
 * <p>The text is stored. The bytes are stored where the text does not give them back.
 */
final class RejectedForm implements TopicForm {
  @Override
  public String name() {
    return "rejected";
  }

  @Override
  public String definitions() {
    return "reason VARCHAR, detail VARCHAR, kafka_topic VARCHAR, kafka_partition INTEGER,"
        + " kafka_offset BIGINT, kafka_index INTEGER, rejected_at TIMESTAMPTZ, nova_raw BLOB,"
        + " original_text VARCHAR, envelope VARCHAR";
  }

  @Override
  public String selectList() {
    return "reason, detail, kafka_topic, kafka_partition, kafka_offset, kafka_index, rejected_at,"
        + " coalesce(nova_raw, encode(original_text)) AS original, original_text,"
        + " envelope";
  }

  @Override
  public String time() {
    return "rejected_at";
  }

  @Override
  public Optional<Row> row(ConsumerRecord<byte[], byte @Nullable []> record) {
    byte[] value = record.value();
    boolean cut = value != null && value.length > LONGEST_BYTES;
    byte[] original = value == null || !cut ? value : Arrays.copyOf(value, end(value));
    String text = original == null ? null : new String(original, UTF_8);
    Integer index = whole(header(record, KafkaPlace.INDEX), Integer::valueOf);
    List<@Nullable Object> values = new ArrayList<>();
    values.add(header(record, "reason"));
    values.add(header(record, "detail"));
    values.add(header(record, "topic"));
    values.add(whole(header(record, "partition"), Integer::valueOf));
    values.add(whole(header(record, "offset"), Long::valueOf));
    values.add(index == null ? Integer.valueOf(0) : index);
    values.add(Instant.ofEpochMilli(record.timestamp()));
    values.add(text == null || Arrays.equals(text.getBytes(UTF_8), original) ? null : original);
    values.add(text);
    values.add(header(record, KafkaPlace.ELEMENT));
    return Optional.of(Row.of(values, cut));
  }

  /** The end of the last whole character within the bound. Other bytes are cut at the bound. */
  private static int end(byte[] value) {
    int end = LONGEST_BYTES;
    while (end > LONGEST_BYTES - 3 && (value[end] & 0xC0) == 0x80) {
      end--;
    }
    return (value[end] & 0xC0) == 0x80 ? LONGEST_BYTES : end;
  }

  private static @Nullable String header(
      ConsumerRecord<byte[], byte @Nullable []> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null ? null : new String(header.value(), UTF_8);
  }

  private interface Parser<T> {
    T parse(String text);
  }

  /** A number; null where a foreign record has another text. */
  private static <T> @Nullable T whole(@Nullable String text, Parser<T> parser) {
    try {
      return text == null ? null : parser.parse(text.strip());
    } catch (NumberFormatException foreign) {
      return null;
    }
  }
}
