package io.nova.workload.replay;

import io.nova.workload.input.Message;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.send.Pace;
import io.nova.workload.send.SendReport;
import io.nova.workload.send.Sender;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;

/**
 * Sends what was refused to the topic that it came from, as it came: the job decides anew. What the
 * rejected topic had when this was made counts, so a replay never meets its own refusals. For one
 * thread.
 *
 * <p>A message is sent once, however often it was refused. Copies of the same bytes have the same
 * identity and upload time, so more of them could not change what is admitted; and a message that
 * each replay adds a refusal of would double with each.
 */
public final class Replay {
  /** Header by which a replayed message is known on its topic; its value is the replay's start. */
  public static final String HEADER = "nova-replay";

  private static final int PROGRESS_EVERY = 1_000;

  private final String bootstrapServers;
  private final Selection selection;
  private final TopicRecords rejected;

  /**
   * A replay of what the topic holds now.
   *
   * @throws org.apache.kafka.common.KafkaException when it cannot be read
   */
  public Replay(String bootstrapServers, String rejectedTopic, Selection selection) {
    this.bootstrapServers = bootstrapServers;
    this.selection = selection;
    this.rejected = TopicRecords.upToNow(bootstrapServers, rejectedTopic);
  }

  /**
   * What would be sent.
   *
   * @param refused places that were refused, by reason, each place once
   * @param chosen places that the selection takes
   * @param messages different messages among these, by the topic that they go to
   * @param unreadable records that do not say a reason and a place; they are left alone
   */
  public record Plan(
      Map<String, Long> refused, long chosen, Map<String, Long> messages, long unreadable) {
    /** Keeps copies, in the order of names. */
    public Plan {
      refused = new TreeMap<>(refused);
      messages = new TreeMap<>(messages);
    }

    /** How many messages would be sent. */
    public long toSend() {
      return messages.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  private record Place(String topic, int partition, long offset) {}

  /** Reads the rejected topic. */
  public Plan plan(ProgressListener progress) {
    Set<Place> places = new HashSet<>();
    Distinct distinct = new Distinct();
    TreeMap<String, Long> refused = new TreeMap<>();
    TreeMap<String, Long> messages = new TreeMap<>();
    long chosen = 0;
    long unreadable = 0;
    long read = 0;
    try (RecordCursor records = rejected.open()) {
      while (records.hasNext()) {
        Optional<RejectedMessage> refusal = RejectedMessage.of(records.next());
        if (++read % PROGRESS_EVERY == 0) {
          progress.progress("reading " + rejected.topic(), read, OptionalLong.of(rejected.count()));
        }
        if (refusal.isEmpty()) {
          unreadable++;
          continue;
        }
        RejectedMessage one = refusal.get();
        if (places.add(new Place(one.topic(), one.partition(), one.offset()))) {
          refused.merge(one.reason(), 1L, Long::sum);
          chosen += selection.takes(one) ? 1 : 0;
        }
        if (selection.takes(one) && distinct.add(one)) {
          messages.merge(one.topic(), 1L, Long::sum);
        }
      }
    }
    return new Plan(refused, chosen, messages, unreadable);
  }

  /**
   * Sends what the selection takes and goes to one topic, each to the partition that it came from.
   *
   * @throws org.apache.kafka.common.KafkaException when the broker cannot be reached
   */
  public SendReport send(String topic, long count, ProgressListener progress) {
    RejectedMessages messages = new RejectedMessages(rejected, selection, topic, count);
    return new Sender(bootstrapServers, topic)
        .marked(HEADER, Instant.now().toString())
        .send(messages, Pace.UNPACED, progress);
  }

  static Message message(RejectedMessage refusal) {
    return new Message(refusal.original(), refusal.partition(), Message.UNKNOWN_UPLOAD);
  }
}
