package io.nova.judge;

import io.nova.judge.record.RecordMapping;
import io.nova.judge.record.SentElements;
import io.nova.workload.input.Message;
import io.nova.workload.topic.Brokers;
import io.nova.workload.topic.RejectedMessage;
import io.nova.workload.topic.TopicMessages;
import io.nova.workload.topic.TopicRecords;
import java.util.HashMap;
import java.util.Map;

/**
 * Rejected messages that the rejected topic did not take with their value. The value is read from
 * the place of the message or element. For one thread.
 */
final class TruncatedMessages {
  private final Brokers brokers;
  private final SentElements reader;
  private final Map<String, TopicRecords> topics = new HashMap<>();

  TruncatedMessages(Brokers brokers, RecordMapping mapping) {
    this.brokers = brokers;
    this.reader = new SentElements(mapping);
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
        .map(message -> whole(record, TopicMessages.message(message)))
        .orElse(record);
  }

  private RejectedMessage whole(RejectedMessage record, Message message) {
    if (record.envelope() == null) {
      return message.value() == null ? record : record.withValue(message.value(), null);
    }
    return reader.of(message).stream()
        .skip(record.index())
        .findFirst()
        .filter(element -> element.value() != null)
        .map(element -> record.withValue(element.value(), element.envelope()))
        .orElse(record);
  }
}
