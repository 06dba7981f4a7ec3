package io.nova.kafka.source;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A consumer's answer with one record. */
final class ReadRecord {
  private ReadRecord() {}

  /**
   * The answer.
   *
   * @param recordMs the record's timestamp; -1 for none
   */
  static ConsumerRecords<byte[], byte[]> of(TopicPartition partition, long recordMs) {
    return new ConsumerRecords<>(
        Map.of(
            partition,
            List.of(
                new ConsumerRecord<>(
                    partition.topic(),
                    partition.partition(),
                    7,
                    recordMs,
                    TimestampType.CREATE_TIME,
                    0,
                    0,
                    new byte[0],
                    new byte[0],
                    new RecordHeaders(),
                    Optional.empty()))),
        Map.of());
  }
}
