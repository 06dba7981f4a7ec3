package io.nova.judge;

import io.nova.workload.topic.Brokers;
import io.nova.workload.topic.RejectedMessage;
import io.nova.workload.topic.TopicRecords;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Rejected messages that the rejected topic did not take with their value. The value is read from
 * the message's own place. For one thread.
 */
final class TruncatedMessages {
  private final Brokers brokers;
  private final Map<String, TopicRecords> topics = new HashMap<>();

  TruncatedMessages(Brokers brokers) {
    this.brokers = brokers;
  }

  /**
   * The record with its value; unchanged if it has one, or if the topic no longer has it.
   *
   * @throws org.apache.kafka.common.KafkaException when the topic cannot be read
   */
  RejectedMessage whole(RejectedMessage record) {
    if (!record.truncated() || record.value() != null || !record.hasPosition()) {
      return record;
    }
    return topics
        .computeIfAbsent(record.topic(), topic -> new TopicRecords(brokers, topic))
        .at(record.partition(), record.offset())
        .map(ConsumerRecord::value)
        .map(record::withValue)
        .orElse(record);
  }
}
