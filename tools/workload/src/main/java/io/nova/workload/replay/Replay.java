package io.nova.workload.replay;

import io.nova.workload.input.Cursor;
import io.nova.workload.input.Message;
import io.nova.workload.input.Messages;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import io.nova.workload.topic.Brokers;
import io.nova.workload.topic.RejectedMessage;
import io.nova.workload.topic.RejectedTopic;
import io.nova.workload.topic.TopicMessages;
import io.nova.workload.topic.TopicRecords;
import java.time.Instant;
import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sends rejected messages to the topic that they came from, byte for byte: the job decides again. A
 * replay reads the rejected topic up to the end that it had when the replay was made, so it never
 * reads its own rejections. For one thread.
 *
 * <p>A rejected element of a message is sent alone, with its envelope in the header {@link
 * Message#ELEMENT}. The other elements of its message are not sent again.
 *
 * <p>A message is sent once, however often it was rejected. Copies of the same bytes have the same
 * identity and upload time, so more of them change nothing. If each rejection were sent, every
 * replay would double the rejected topic.
 */
public final class Replay {
  /** The header of every replayed message; its value is the time at which the replay began. */
  public static final String HEADER = "nova-replay";

  private static final int PROGRESS_EVERY = 1_000;

  private final Brokers brokers;
  private final RejectedSelection selection;
  private final RejectedTopic rejected;

  /**
   * A replay of what the rejected topic has now.
   *
   * @throws org.apache.kafka.common.KafkaException when the topic cannot be read
   */
  public Replay(Brokers brokers, String rejectedTopic, RejectedSelection selection) {
    this.brokers = brokers;
    this.selection = selection;
    this.rejected = new RejectedTopic(brokers, rejectedTopic);
  }

  /**
   * The messages that replays have sent to a topic until now.
   *
   * @throws org.apache.kafka.common.KafkaException when the topic cannot be read
   */
  public static Messages sentTo(Brokers brokers, String topic) {
    return new TopicMessages(
        "replays on topic " + topic,
        new TopicRecords(brokers, topic),
        record -> record.headers().lastHeader(HEADER) != null);
  }

  private record Position(String topic, int partition, long offset, int index) {}

  /** Reads the rejected topic and counts what would be sent. */
  public ReplayPlan plan(ProgressListener progress) {
    Set<Position> positions = new HashSet<>();
    SeenMessages seen = new SeenMessages();
    TreeMap<String, Long> reasons = new TreeMap<>();
    TreeMap<String, Long> messages = new TreeMap<>();
    long chosen = 0;
    long unreadable = 0;
    long read = 0;
    try (Cursor<RejectedMessage> all = rejected.open()) {
      while (all.hasNext()) {
        RejectedMessage one = all.next();
        if (++read % PROGRESS_EVERY == 0) {
          progress.progress("reading " + rejected.name(), read, OptionalLong.of(rejected.count()));
        }
        if (!isReadable(one)) {
          unreadable++;
          continue;
        }
        boolean included = selection.includes(one);
        if (positions.add(new Position(one.topic(), one.partition(), one.offset(), one.index()))) {
          reasons.merge(one.reason(), 1L, Long::sum);
          chosen += included ? 1 : 0;
        }
        if (included && seen.add(one)) {
          messages.merge(one.topic(), 1L, Long::sum);
        }
      }
    }
    return new ReplayPlan(reasons, chosen, messages, unreadable);
  }

  /**
   * Sends the selected messages that came from one topic, each to the partition that it came from.
   *
   * @throws org.apache.kafka.common.KafkaException when the broker cannot be reached
   */
  public SendReport send(String topic, long count, ProgressListener progress) {
    RejectedMessages messages = new RejectedMessages(rejected, selection, topic, count);
    return new Sender(brokers, topic)
        .marked(HEADER, Instant.now().toString())
        .send(messages, Pace.UNPACED, progress);
  }

  /** Whether a record has the message, says why it was rejected, and where it came from. */
  static boolean isReadable(RejectedMessage message) {
    return !message.reason().isEmpty() && message.hasPosition() && !message.truncated();
  }
}
