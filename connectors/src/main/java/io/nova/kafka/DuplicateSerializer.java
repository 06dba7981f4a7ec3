package io.nova.kafka;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes a dropped copy to the duplicates topic as JSON (docs/reference/formats.md). The key is the
 * place that the copy was read from, so readers recognize a repeat after a failure.
 *
 * <p>A record that the topic does not take is written without its identity, and with {@code
 * truncated}.
 */
public final class DuplicateSerializer implements KafkaRecordSerializationSchema<Duplicate> {
  @Serial private static final long serialVersionUID = 1;

  private static final int VERSION = 1;

  private static final DateTimeFormatter TIME =
      new DateTimeFormatterBuilder().appendInstant(6).toFormatter(Locale.ROOT);

  private static final String NO_IDENTITY = "{}";

  private final String topic;
  private final SizeLimit limit;

  /** A serializer for one duplicates topic. */
  public DuplicateSerializer(String topic, SizeLimit limit) {
    this.topic = topic;
    this.limit = limit;
  }

  @Override
  public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext)
      throws InterruptedException {
    limit.open();
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Duplicate duplicate, KafkaSinkContext context, Long timestamp) {
    String place =
        new KafkaPlace(duplicate.topic, duplicate.partition, duplicate.offset, duplicate.index)
            .key();
    requireObject(duplicate.identity, place);
    ProducerRecord<byte[], byte[]> record = record(place, json(duplicate, duplicate.identity, ""));
    return limit.fits(record)
        ? record
        : record(place, json(duplicate, NO_IDENTITY, ",\"truncated\":true"));
  }

  private ProducerRecord<byte[], byte[]> record(String place, String json) {
    return new ProducerRecord<>(topic, null, utf8(place), utf8(json));
  }

  /** Kafka's topic names and apps have no characters that JSON escapes. */
  private static String json(Duplicate duplicate, String identity, String more) {
    StringBuilder json = new StringBuilder(240 + identity.length());
    json.append("{\"version\":").append(VERSION);
    json.append(",\"app\":\"").append(duplicate.app);
    json.append("\",\"identity\":").append(identity);
    json.append(",\"kind\":\"").append(duplicate.kind.wireName());
    json.append("\",\"upload_time\":\"").append(time(duplicate.uploadMicros));
    json.append("\",\"topic\":\"").append(duplicate.topic);
    json.append("\",\"partition\":").append(duplicate.partition);
    json.append(",\"offset\":").append(duplicate.offset);
    json.append(",\"index\":").append(duplicate.index);
    json.append(",\"gap_blocks\":").append(duplicate.gapBlocks);
    return json.append(more).append('}').toString();
  }

  private static void requireObject(String identity, String place) {
    if (!identity.startsWith("{") || !identity.endsWith("}")) {
      throw new IllegalStateException(
          ("Duplicate at %s: found '%s' as its identity, expected a JSON object. Nothing "
                  + "was written; this is a fault of Nova.")
              .formatted(place, identity));
    }
  }

  private static String time(long micros) {
    return TIME.format(Instant.EPOCH.plus(micros, ChronoUnit.MICROS));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
