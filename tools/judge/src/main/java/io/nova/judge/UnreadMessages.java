package io.nova.judge;

import io.nova.judge.record.Digest;
import io.nova.judge.record.RecordMapping;
import io.nova.judge.record.SentElements;
import io.nova.judge.record.SentElements.SentElement;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import java.util.HashMap;
import java.util.Map;

/**
 * The messages on the topic that the job has not read, by their bytes. A sent message that would be
 * missing is unread instead, as often as the topic has it unread. For one thread.
 */
final class UnreadMessages {
  private final Map<Digest.Words, Integer> counts = new HashMap<>();
  private final SentMessages sent;
  private long found;

  UnreadMessages(Messages unread, SentMessages sent, RecordMapping mapping) {
    this.sent = sent;
    SentElements reader = new SentElements(mapping);
    try (MessageCursor messages = unread.open()) {
      messages.forEachRemaining(message -> reader.of(message).forEach(this::count));
    }
  }

  private void count(SentElement element) {
    counts.merge(SentMessages.bytesDigest(element.value(), element.envelope()), 1, Integer::sum);
  }

  /** Counts a sent message as unread; false when the job has read all messages with its bytes. */
  boolean take(int message) {
    LongRows rows = sent.rows();
    Digest.Words bytes =
        new Digest.Words(
            rows.get(message, SentMessages.BYTES), rows.get(message, SentMessages.BYTES + 1));
    int left = counts.getOrDefault(bytes, 0);
    if (left == 0) {
      return false;
    }
    counts.put(bytes, left - 1);
    found++;
    return true;
  }

  /** The number of sent messages that are unread. */
  long found() {
    return found;
  }
}
