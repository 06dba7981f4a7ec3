package io.nova.kafka;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;

/**
 * Writes a rejected message to the rejected topic: its bytes as the value, all else as headers. The
 * key is the place that it was read from, so readers recognize a repeat after a failure.
 */
public final class RejectedSerializer implements KafkaRecordSerializationSchema<Rejected> {
  @Serial private static final long serialVersionUID = 1;

  private final String topic;

  /** A serializer for one rejected topic. */
  public RejectedSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Rejected rejected, KafkaSinkContext context, Long timestamp) {
    String place = rejected.topic + "-" + rejected.partition + "-" + rejected.offset;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, utf8(place), rejected.original);
    Headers headers = record.headers();
    headers.add("reason", utf8(rejected.reason.wireName()));
    headers.add("detail", utf8(rejected.detail));
    headers.add("topic", utf8(rejected.topic));
    headers.add("partition", utf8(Integer.toString(rejected.partition)));
    headers.add("offset", utf8(Long.toString(rejected.offset)));
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
