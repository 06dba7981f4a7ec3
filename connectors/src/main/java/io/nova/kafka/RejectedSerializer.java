package io.nova.kafka;

import io.nova.event.Micros;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes a rejected message to the rejected topic: its bytes as the value, all else as headers. The
 * key is the place that it was read from, so readers recognize a repeat after a failure.
 *
 * <p>A record that the topic does not take is written without its value and envelope. Its header
 * {@code truncated} has the number of bytes. The message is on the events' topic, at its place.
 */
public final class RejectedSerializer implements KafkaRecordSerializationSchema<Rejected> {
  /** The header with the upload time, microseconds since 1970. */
  public static final String UPLOAD_MICROS = "upload_micros";

  @Serial private static final long serialVersionUID = 1;

  /** The envelope of a record without its value: such a record is never parsed. */
  private static final byte[] NO_ENVELOPE = {};

  private final String topic;
  private final SizeLimit limit;

  /** A serializer for one rejected topic. */
  public RejectedSerializer(String topic, SizeLimit limit) {
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
      Rejected rejected, KafkaSinkContext context, Long timestamp) {
    ProducerRecord<byte[], byte[]> record =
        record(rejected, rejected.original, rejected.envelope, rejected.detail);
    return rejected.original == null || limit.fits(record)
        ? record
        : truncated(rejected, rejected.original.length);
  }

  private ProducerRecord<byte[], byte[]> truncated(Rejected rejected, int bytes) {
    ProducerRecord<byte[], byte[]> record =
        record(
            rejected,
            null,
            rejected.envelope == null ? null : NO_ENVELOPE,
            "%s (The value of %d bytes is left out: %s.)".formatted(rejected.detail, bytes, limit));
    record.headers().add("truncated", utf8(Integer.toString(bytes)));
    return record;
  }

  private ProducerRecord<byte[], byte[]> record(
      Rejected rejected, byte @Nullable [] value, byte @Nullable [] envelope, String detail) {
    KafkaPlace place =
        new KafkaPlace(rejected.topic, rejected.partition, rejected.offset, rejected.index);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, utf8(place.key()), value);
    Headers headers = record.headers();
    headers.add("reason", utf8(rejected.reason.wireName()));
    headers.add("detail", utf8(detail));
    place.addTo(headers);
    if (rejected.uploadMicros != Micros.UNKNOWN) {
      headers.add(UPLOAD_MICROS, utf8(Long.toString(rejected.uploadMicros)));
    }
    if (envelope != null) {
      headers.add(KafkaPlace.ELEMENT, envelope);
    }
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
