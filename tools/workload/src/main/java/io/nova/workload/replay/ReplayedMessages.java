package io.nova.workload.replay;

import io.nova.workload.input.DerivedMessages;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import io.nova.workload.topic.Brokers;
import io.nova.workload.topic.TopicRecords;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The messages of a topic that replays have sent to it. */
public final class ReplayedMessages implements Messages {
  private final TopicRecords records;

  /**
   * What replays have sent to a topic until now.
   *
   * @throws org.apache.kafka.common.KafkaException when the topic cannot be read
   */
  public ReplayedMessages(Brokers brokers, String topic) {
    this.records = new TopicRecords(brokers, topic);
  }

  @Override
  public String name() {
    return "replays on topic " + records.topic();
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.empty();
  }

  @Override
  public MessageCursor open() {
    return new DerivedMessages<>(
        records.open(),
        record ->
            Optional.of(record).filter(ReplayedMessages::isReplay).map(ReplayedMessages::message));
  }

  private static boolean isReplay(ConsumerRecord<byte[], byte[]> record) {
    return record.headers().lastHeader(Replay.HEADER) != null;
  }

  private static Message message(ConsumerRecord<byte[], byte[]> record) {
    return new Message(record.value(), record.partition(), Message.UNKNOWN_TIME);
  }
}
