package io.nova.workload.replay;

import io.nova.workload.input.DerivedMessages;
import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import io.nova.workload.topic.RejectedMessage;
import io.nova.workload.topic.RejectedTopic;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The rejected messages that a replay sends to one topic, each once.
 *
 * @param rejected where they are read
 * @param selection which of them are replayed
 * @param topic the topic that they came from
 * @param messages how many they are
 */
record RejectedMessages(
    RejectedTopic rejected, RejectedSelection selection, String topic, long messages)
    implements Messages {
  @Override
  public String name() {
    return "rejected messages of topic " + topic;
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(messages);
  }

  @Override
  public MessageCursor open() {
    SeenMessages seen = new SeenMessages();
    return new DerivedMessages<>(
        rejected.open(),
        each ->
            Optional.of(each)
                .filter(Replay::isReadable)
                .filter(message -> message.topic().equals(topic))
                .filter(selection::includes)
                .filter(seen::add)
                .map(RejectedMessages::message));
  }

  /** The message or element as it came, for the partition that it came from. */
  static Message message(RejectedMessage rejected) {
    return new Message(
        rejected.value(), rejected.envelope(), rejected.partition(), Message.UNKNOWN_TIME);
  }
}
