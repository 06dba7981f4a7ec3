package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.AdmittedTopic.Sent;
import io.nova.cli.process.Await;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The admitted topic exactly once: a kill, a stop, an older savepoint, and a crash that lasts
 * shorter or longer than the transaction timeout.
 */
@Tag("soak")
class AdmittedTransactionsITCase {
  /** Checkpoints are so rare that a test can crash the job between two. */
  private static final List<String> RARE = options("15 s", "60 s");

  private static final long LONGER_THAN_THE_TIMEOUT_MILLIS = 90_000;

  private final List<Integer> taskManagers = new ArrayList<>(List.of(0, 1));

  /** Places that are on the topic twice, since an older savepoint was restored. */
  private final Set<String> repeated = new TreeSet<>();

  private int sent;
  private ProcessCluster nova;
  private AdmittedTopic topic;

  private static List<String> options(String interval, String timeout) {
    return List.of(
        "--nova.checkpoint.interval",
        interval,
        "--nova.admitted.topic",
        "admitted",
        "--nova.admitted.delivery",
        "exactly-once",
        "--nova.admitted.transaction-timeout",
        timeout);
  }

  private List<Message> newEvents(int count) {
    String time = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    List<Message> messages = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      String json =
          "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"%d\",\"event_type\":\"x\",\"server_upload_time\":\"%s\"}"
              .formatted(sent++, time);
      messages.add(new Message(json.getBytes(UTF_8), Message.ANY_PARTITION, Message.UNKNOWN_TIME));
    }
    return messages;
  }

  /** Events without copies: a replay admits the same messages. */
  private void sendNew(int count) {
    nova.send(newEvents(count), Pace.UNPACED);
    nova.awaitAllDecided();
  }

  @Test
  void consumersSeeEachAdmittedEventOnceUnlessACrashOutlastsTheTransaction() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("admitted-transactions")) {
      nova = cluster;
      topic = new AdmittedTopic(nova, "read_committed");
      aTransactionThatTheBrokersRefuseFailsTheSubmission();
      nova.submit(options("4 s", "60 s"), Optional.empty(), 2);
      killedWhileEventsFlow();
      mustHaveTheTableExactlyWithout(Set.of());

      String stopped = stopAndGoOn();
      String afterOlder = anOlderSavepointRepeatsOnce(stopped);

      String crashed = crashAfterASavepoint(afterOlder, 200);
      nova.submit(RARE, Optional.of(crashed), 2);
      topic.awaitCheckpoints();
      mustHaveTheTableExactlyWithout(Set.of());

      Set<String> before = topic.table();
      crashed = crashAfterASavepoint(nova.stop(false), 200);
      Await.pause(LONGER_THAN_THE_TIMEOUT_MILLIS);
      nova.submit(RARE, Optional.of(crashed), 2);
      topic.awaitCheckpoints();
      Set<String> lost = topic.table();
      lost.removeAll(before);
      assertThat(lost).hasSize(200);
      mustHaveTheTableExactlyWithout(lost);
      theSavepointNeedsTheTopicUnlessItsStateIsGivenUp(nova.stop(false));
    }
  }

  private void aTransactionThatTheBrokersRefuseFailsTheSubmission() {
    assertThatThrownBy(() -> nova.submit(options("4 s", "1 h"), Optional.empty(), 2))
        .hasMessageContaining("Option nova.admitted.transaction-timeout: found 1 h")
        .hasMessageContaining("at most 15 min, the brokers' transaction.max.timeout.ms");
  }

  private void theSavepointNeedsTheTopicUnlessItsStateIsGivenUp(String savepoint) {
    assertThatThrownBy(
            () ->
                nova.submit(
                    List.of("--nova.checkpoint.interval", "4 s"), Optional.of(savepoint), 2))
        .hasMessageContaining("allowNonRestoredState");
  }

  private void killedWhileEventsFlow() {
    List<Message> messages = newEvents(3_000);
    messages.addAll(List.copyOf(messages.subList(0, 1_000)));
    Collections.shuffle(messages, new Random(7));
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> nova.send(messages, Pace.perSecond(1_000)));
    nova.awaitDecided(1_500);
    int restores = nova.restores();
    killTaskManager();
    startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    sending.join();
    nova.awaitAllDecided();
    topic.awaitCheckpoints();
  }

  private void killTaskManager() {
    nova.processes().killTaskManager(taskManagers.remove(0));
  }

  private void startTaskManager() {
    taskManagers.add(nova.processes().startTaskManager());
  }

  /** A stop commits the transaction of its savepoint. */
  private String stopAndGoOn() {
    sendNew(300);
    Set<String> table = topic.table();
    String stopped = nova.stop(false);
    assertThat(AdmittedTopic.places(topic.read())).containsExactlyInAnyOrderElementsOf(table);

    nova.submit(options("4 s", "60 s"), Optional.of(stopped), 2);
    sendNew(500);
    topic.awaitCheckpoints();
    mustHaveTheTableExactlyWithout(Set.of());
    nova.stop(false);
    return stopped;
  }

  private String anOlderSavepointRepeatsOnce(String older) {
    List<String> before = AdmittedTopic.places(topic.read());
    nova.submit(options("4 s", "60 s"), Optional.of(older), 2);
    nova.awaitAllDecided();
    topic.awaitCheckpoints();
    List<String> after = AdmittedTopic.places(topic.read());
    after.subList(before.size(), after.size()).forEach(repeated::add);
    assertThat(repeated).hasSize(500);
    mustHaveTheTableExactlyWithout(Set.of());
    return nova.stop(false);
  }

  /** Leaves a savepoint whose transaction nobody has committed. */
  private String crashAfterASavepoint(String from, int messages) {
    nova.submit(RARE, Optional.of(from), 2);
    long before = nova.lastCheckpoint().orElse(0L);
    nova.await("a checkpoint", () -> nova.lastCheckpoint().orElse(0L) > before);
    long checkpoint = nova.lastCheckpoint().orElseThrow();
    sendNew(messages);
    String savepoint = nova.savepoint();
    killTaskManager();
    killTaskManager();
    assertThat(nova.lastCheckpoint().orElseThrow())
        .as("no checkpoint after the savepoint, which would have committed its transaction")
        .isLessThanOrEqualTo(checkpoint + 1);
    nova.processes().replaceJobManager();
    startTaskManager();
    startTaskManager();
    nova.processes().awaitTaskManagers(2);
    return savepoint;
  }

  /**
   * Each row of the table is on the topic once, twice if it is repeated, and never if it is lost.
   */
  private void mustHaveTheTableExactlyWithout(Set<String> lost) {
    List<Sent> records = topic.read();
    List<String> expected = new ArrayList<>(topic.table());
    expected.removeAll(lost);
    expected.addAll(repeated);
    assertThat(expected).isNotEmpty();
    assertThat(AdmittedTopic.places(records)).containsExactlyInAnyOrderElementsOf(expected);
    topic.mustHaveTheBytesOfTheirMessages(records);
  }
}
