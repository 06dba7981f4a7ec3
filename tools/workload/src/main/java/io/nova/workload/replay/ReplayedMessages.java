package io.nova.workload.replay;

import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.util.Optional;
import java.util.OptionalLong;

/** Those messages of a topic that replays have sent to it. */
public final class ReplayedMessages implements Messages {
  private final TopicRecords records;

  /**
   * What replays have sent to a topic until now.
   *
   * @throws org.apache.kafka.common.KafkaException when it cannot be read
   */
  public ReplayedMessages(String bootstrapServers, String topic) {
    this.records = TopicRecords.upToNow(bootstrapServers, topic);
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
    return new FilteredMessages(
        records.open(),
        record ->
            record.headers().lastHeader(Replay.HEADER) == null
                ? Optional.empty()
                : Optional.of(
                    new Message(record.value(), record.partition(), Message.UNKNOWN_UPLOAD)));
  }
}
