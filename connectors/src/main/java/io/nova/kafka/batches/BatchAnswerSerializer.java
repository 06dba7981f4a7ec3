package io.nova.kafka.batches;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRecord;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeader;

/**
 * Writes an answer to the topic {@code batches}. The key is the request id, or the batch number
 * where nobody asked.
 */
public final class BatchAnswerSerializer implements KafkaRecordSerializationSchema<BatchAnswer> {
  @Serial private static final long serialVersionUID = 1;

  private static final int ONLY_PARTITION = 0;

  private final String topic;

  /** A serializer for one topic. */
  public BatchAnswerSerializer(String topic) {
    this.topic = topic;
  }

  @Override
  public ProducerRecord<byte[], byte[]> serialize(
      BatchAnswer answer, KafkaSinkContext context, Long timestamp) {
    String key = answer.request() == null ? String.valueOf(answer.batch()) : answer.request();
    return new ProducerRecord<>(
        topic,
        ONLY_PARTITION,
        utf8(key),
        answer.write(),
        List.of(new RecordHeader(BatchRecord.KIND, utf8(BatchRecord.ANSWER))));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
