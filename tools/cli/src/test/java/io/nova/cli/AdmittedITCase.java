package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.AdmittedTopic.Sent;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The admitted topic at least once: a killed TaskManager, and an older savepoint. */
@Tag("soak")
class AdmittedITCase {
  private static final int MESSAGES = 8_000;
  private static final List<String> OPTIONS =
      List.of("--nova.checkpoint.interval", "2 s", "--nova.admitted.topic", "admitted");

  private final List<Message> day = ProcessCluster.generated(MESSAGES);
  private final List<Message> first = day.subList(0, MESSAGES / 2);
  private final List<Message> second = day.subList(MESSAGES / 2, MESSAGES);

  @Test
  void everyAdmittedEventIsOnTheTopicAfterAKillAndAfterAnOlderSavepoint() throws Exception {
    try (ProcessCluster nova = ProcessCluster.start("admitted")) {
      AdmittedTopic topic = new AdmittedTopic(nova, "read_uncommitted");
      nova.submit(OPTIONS, Optional.empty(), 2);
      nova.send(first, Pace.UNPACED);
      nova.awaitAllDecided();
      String older = nova.savepoint();
      Set<String> atSavepoint = topic.table();

      killedWhileEventsFlow(nova);
      topic.awaitCheckpoints();
      List<Sent> before = topic.read();
      mustHoldTheTable(topic, before, topic.table());

      nova.stop(false);
      nova.submit(OPTIONS, Optional.of(older), 2);
      nova.awaitAllDecided();
      topic.awaitCheckpoints();
      List<Sent> all = topic.read();
      Set<String> table = topic.table();
      mustHoldTheTable(topic, all, table);
      List<Sent> again = all.subList(before.size(), all.size());
      theOlderSavepointRepeatsWhatCameAfterIt(again, before, atSavepoint, table);
    }
  }

  private void killedWhileEventsFlow(ProcessCluster nova) {
    CompletableFuture<Void> sending =
        CompletableFuture.runAsync(() -> nova.send(second, Pace.perSecond(1_500)));
    nova.awaitDecided(first.size() + 1_000);
    int restores = nova.restores();
    nova.processes().killTaskManager(1);
    nova.processes().startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    sending.join();
    nova.awaitAllDecided();
  }

  /**
   * Every row of the table is on the topic. What else is there is a repeat: a copy of a row, which
   * an abandoned attempt had admitted.
   */
  private static void mustHoldTheTable(AdmittedTopic topic, List<Sent> records, Set<String> table) {
    assertThat(table).hasSizeGreaterThan(MESSAGES / 2);
    assertThat(new TreeSet<>(AdmittedTopic.places(records))).containsAll(table);
    Set<String> known = AdmittedTopic.fingerprints(records, table);
    assertThat(records)
        .allSatisfy(record -> assertThat(known).contains(record.fingerprint()))
        .allSatisfy(record -> assertThat(record.generation()).hasSize(36));
    topic.mustHaveTheBytesOfTheirMessages(records);
    topic.mustHaveTheBatchAndTimeOfTheirRows(records);
  }

  private static void theOlderSavepointRepeatsWhatCameAfterIt(
      List<Sent> again, List<Sent> before, Set<String> atSavepoint, Set<String> table) {
    Set<String> expected = new TreeSet<>(table);
    expected.removeAll(atSavepoint);

    assertThat(AdmittedTopic.places(again)).containsExactlyInAnyOrderElementsOf(expected);
    List<String> generation = again.stream().map(Sent::generation).distinct().toList();
    assertThat(generation).hasSize(1);
    assertThat(before).noneMatch(record -> generation.contains(record.generation()));
  }
}
