package io.nova.workload.replay;

import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.util.OptionalLong;

/** Those messages of the rejected topic that a replay sends to one topic, each once. */
final class RejectedMessages implements Messages {
  private final TopicRecords rejected;
  private final Selection selection;
  private final String topic;
  private final long count;

  RejectedMessages(TopicRecords rejected, Selection selection, String topic, long count) {
    this.rejected = rejected;
    this.selection = selection;
    this.topic = topic;
    this.count = count;
  }

  @Override
  public String name() {
    return "refused messages of topic " + topic;
  }

  @Override
  public OptionalLong count() {
    return OptionalLong.of(count);
  }

  @Override
  public MessageCursor open() {
    Distinct distinct = new Distinct();
    return new FilteredMessages(
        rejected.open(),
        record ->
            RejectedMessage.of(record)
                .filter(refusal -> refusal.topic().equals(topic))
                .filter(selection::takes)
                .filter(distinct::add)
                .map(Replay::message));
  }
}
