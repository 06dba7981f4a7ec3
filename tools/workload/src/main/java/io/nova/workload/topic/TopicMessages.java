package io.nova.workload.topic;

import io.nova.workload.input.DerivedMessages;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The records of a topic as messages.
 *
 * @param records the records
 */
public record TopicMessages(TopicRecords records) implements Messages {
  @Override
  public String name() {
    return "topic " + records.topic();
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
            Optional.of(new Message(record.value(), record.partition(), Message.UNKNOWN_TIME)));
  }
}
