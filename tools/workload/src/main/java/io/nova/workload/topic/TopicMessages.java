package io.nova.workload.topic;

import io.nova.workload.input.DerivedMessages;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

/**
 * The records of a topic that pass a test, as messages.
 *
 * @param name the name for errors and progress
 * @param records the records
 * @param test called once for each record, in their order
 */
public record TopicMessages(
    String name, TopicRecords records, Predicate<ConsumerRecord<byte[], byte[]>> test)
    implements Messages {
  /** All records of a topic. */
  public static TopicMessages of(TopicRecords records) {
    return new TopicMessages("topic " + records.topic(), records, record -> true);
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.empty();
  }

  @Override
  public MessageCursor open() {
    return new DerivedMessages<>(
        records.open(), record -> Optional.of(record).filter(test).map(TopicMessages::message));
  }

  /** A record as a message; with its envelope if it is an element. */
  public static Message message(ConsumerRecord<byte[], byte[]> record) {
    Header element = record.headers().lastHeader(Message.ELEMENT);
    byte[] envelope = element == null ? null : element.value();
    return new Message(record.value(), envelope, record.partition(), Message.UNKNOWN_TIME);
  }
}
