package io.nova.kafka;

import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.DefaultKafkaDatasetIdentifier;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacet;
import org.apache.flink.connector.kafka.lineage.KafkaDatasetFacetProvider;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes an admitted event to the admitted topic: the bytes of its message, or of its element, as
 * the value, all else as headers (docs/reference/formats.md). The key is the place that the message
 * was read from, so consumers recognize a repeat after a failure.
 *
 * <p>A record that the topic does not take is written with an empty value. Its header {@code
 * truncated} has the number of bytes. A null value would let compaction delete the record.
 *
 * <p>One thread.
 */
public final class AdmittedSerializer
    implements KafkaRecordSerializationSchema<Admitted>, KafkaDatasetFacetProvider {
  @Serial private static final long serialVersionUID = 1;

  private static final byte[] NO_VALUE = {};
  private static final HexFormat HEX = HexFormat.of();

  private final String topic;
  private final SizeLimit limit;

  /** A serializer for one admitted topic. */
  public AdmittedSerializer(String topic, SizeLimit limit) {
    this.topic = topic;
    this.limit = limit;
  }

  @Override
  public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sinkContext)
      throws InterruptedException {
    limit.open();
  }

  /** The connector asks for the topic when it looks for transactions of an earlier run. */
  @Override
  public Optional<KafkaDatasetFacet> getKafkaDatasetFacet() {
    return Optional.of(
        new DefaultKafkaDatasetFacet(DefaultKafkaDatasetIdentifier.ofTopics(List.of(topic))));
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      Admitted event, KafkaSinkContext context, Long timestamp) {
    ProducerRecord<byte[], byte[]> record = record(event, event.original, event.envelope);
    return limit.fits(record) ? record : truncated(event);
  }

  private ProducerRecord<byte[], byte[]> truncated(Admitted event) {
    ProducerRecord<byte[], byte[]> record =
        record(event, NO_VALUE, event.envelope == null ? null : NO_VALUE);
    record.headers().add("truncated", utf8(Integer.toString(event.original.length)));
    return record;
  }

  private ProducerRecord<byte[], byte[]> record(
      Admitted event, byte[] value, byte @Nullable [] envelope) {
    KafkaPlace place = new KafkaPlace(event.topic, event.partition, event.offset, event.index);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, null, utf8(place.key()), value);
    Headers headers = record.headers();
    place.addTo(headers);
    headers.add("upload_micros", utf8(Long.toString(event.uploadMicros)));
    headers.add("batch", utf8(Long.toString(event.batch)));
    headers.add("fingerprint", utf8(HEX.toHexDigits(event.high) + HEX.toHexDigits(event.low)));
    if (!event.generation.isEmpty()) {
      headers.add("generation", utf8(event.generation));
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
