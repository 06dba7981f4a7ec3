package io.nova.console;

import static io.nova.console.ConsoleCluster.numbers;
import static io.nova.console.ConsoleCluster.rows;
import static io.nova.console.ConsoleCluster.sorted;
import static io.nova.console.ConsoleCluster.without;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.cli.sql.SqlSession;
import io.nova.console.ConsoleProcess.Reply;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/**
 * The console and the SQL gateway answer the same questions on the same pinned cuts, while blocks
 * are sealed, merged and handed off. At the end a TaskManager dies between pin and question.
 */
@Tag("soak")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class BothEnginesITCase {
  private static final int DUCK_MB = 256;
  private static final Pattern PINNED = Pattern.compile("'live.cut' = '([^']+)'");

  private static final List<String> OPTIONS =
      List.of(
          "--nova.checkpoint.interval",
          "2 s",
          "--nova.commit.interval",
          "2 s",
          "--nova.chunk.target-size",
          "20 kb",
          "--nova.batch.length",
          "1 h",
          "--nova.batch.close-delay",
          "10 h");

  private static ConsoleCluster cluster;
  private static ExecutorService threads;
  private static SqlSession first;
  private static SqlSession second;

  /** The events of the last live answer. A later one may lack those of completed batches only. */
  private static Set<Integer> seen = Set.of();

  private static long completed;

  @BeforeAll
  static void start() throws Exception {
    cluster = ConsoleCluster.start("both-engines", DUCK_MB, OPTIONS);
    threads = Executors.newFixedThreadPool(2);
    first = cluster.session();
    second = cluster.session();
  }

  @AfterAll
  static void stop() throws Exception {
    if (threads != null) {
      threads.shutdownNow();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static Set<Integer> notCompleted(Set<Integer> events) {
    return events.stream()
        .filter(number -> NumberedEvents.batch(number) > completed)
        .collect(Collectors.toSet());
  }

  private static List<String> asked(String cut, EngineQuestion question) throws Exception {
    Reply reply = cluster.console().askPinned(cut, question.duck());
    assertThat(reply.status()).as("%s: %s", question, reply.error()).isEqualTo(200);
    return sorted(reply.rows());
  }

  /** The events that a live answer without a pin has. */
  private static Set<Integer> seenNow() throws Exception {
    Reply reply = cluster.console().ask(EngineQuestion.ROWS.duck());
    assertThat(reply.status()).as(reply.error()).isEqualTo(200);
    return numbers(reply.rows());
  }

  /** Pins a cut, which has every event of earlier answers. */
  private static String pinned() throws Exception {
    seen = notCompleted(seenNow());
    return cluster.console().pin();
  }

  /**
   * Both engines answer each question twice on this cut. Other cuts are loaded in between.
   *
   * @return the events of the cut
   */
  private static Set<Integer> checked(String cut, Set<Integer> atLeast) throws Exception {
    return checked(cut, atLeast, 0);
  }

  /** The same. The feed goes on to this minute between the first question and the last. */
  private static Set<Integer> checked(String cut, Set<Integer> atLeast, int minute)
      throws Exception {
    List<String> rows = asked(cut, EngineQuestion.ROWS);
    Set<Integer> events = numbers(rows);
    assertThat(without(atLeast, events)).as("missing").isEmpty();
    assertThat(without(events, cluster.feed().sent())).as("extra").isEmpty();
    List<Future<List<String>>> flink = new ArrayList<>();
    for (List<EngineQuestion> some : halves()) {
      SqlSession session = flink.isEmpty() ? first : second;
      for (EngineQuestion question : some) {
        assertThat(asked(cut, question))
            .as("the console, %s", question)
            .isEqualTo(NumberedEvents.answer(question, events));
      }
      flink.add(threads.submit(() -> differences(session, cut, some, events)));
    }
    for (Future<List<String>> half : flink) {
      assertThat(half.get()).as("Flink SQL").isEmpty();
    }
    if (minute > 0) {
      cluster.feed().await(minute);
      cluster.await("a later cut has more", () -> without(seenNow(), events).size() > 0);
    }
    assertThat(seenNow()).as("a later cut").isNotEmpty();
    // An equal statement would have the kept answer.
    Reply again =
        cluster.console().askPinned(cut, EngineQuestion.ROWS.duck() + " ORDER BY insert_id");
    assertThat(again.rows()).as("the same cut again").isEqualTo(rows);
    cluster.log(
        "cut of %d events, %d block files, %d chunks written"
            .formatted(events.size(), cluster.figures().blockFiles(), cluster.figures().chunks()));
    return events;
  }

  private static List<List<EngineQuestion>> halves() {
    List<EngineQuestion> all = List.of(EngineQuestion.values());
    return List.of(all.subList(0, all.size() / 2), all.subList(all.size() / 2, all.size()));
  }

  private static List<String> differences(
      SqlSession session, String cut, List<EngineQuestion> questions, Set<Integer> events) {
    List<String> differences = new ArrayList<>();
    for (EngineQuestion question : questions) {
      List<String> expected = NumberedEvents.answer(question, events);
      List<String> found = sorted(rows(session, question.flink(cut)));
      if (!found.equals(expected)) {
        differences.add("%s: found %s, expected %s".formatted(question, found, expected));
      }
    }
    return differences;
  }

  /** All events that were sent, and no other, are in a new cut. */
  private static void everythingIsThere() throws Exception {
    cluster.awaitAllDecided();
    Set<Integer> expected = notCompleted(cluster.feed().sent());
    cluster.await("a live answer has all", () -> seenNow().size() >= expected.size());
    String cut = cluster.console().pin();
    Set<Integer> events = checked(cut, expected);
    assertThat(without(events, expected)).as("extra").isEmpty();
    cluster.console().release(cut);
  }

  @Test
  @Order(1)
  void bothEnginesHaveTheSameRowsWhileBlocksMove() throws Exception {
    cluster.feed().await(20);
    for (int end : List.of(60, 95, 130)) {
      long before = cluster.figures().admitted();
      String cut = pinned();
      cluster.feed().upTo(end);
      assertThat((long) checked(cut, seen, end).size())
          .as("admitted before")
          .isGreaterThanOrEqualTo(before);
      cluster.console().release(cut);
    }
    assertThat(cluster.figures().blockFiles()).as("block files").isPositive();
    cluster.await("blocks were merged", () -> cluster.figures().chunks() > 0);
  }

  @Test
  @Order(2)
  void handoffChangesLaterCutsOnly() throws Exception {
    cluster.awaitAllDecided();
    String before = pinned();
    cluster.feed().upTo(160);
    handOff(NumberedEvents.FIRST_BATCH);
    assertThat(checked(before, seen))
        .as("the completed batch in the earlier cut")
        .anyMatch(number -> NumberedEvents.batch(number) == NumberedEvents.FIRST_BATCH);
    cluster.console().release(before);

    completed = NumberedEvents.FIRST_BATCH;
    String after = pinned();
    assertThat(checked(after, seen))
        .as("the completed batch in the later cut")
        .noneMatch(number -> NumberedEvents.batch(number) == NumberedEvents.FIRST_BATCH);
    cluster.console().release(after);
    cluster.feed().await(160);
    everythingIsThere();
  }

  private static void handOff(long batch) {
    assertThat(rows(first, "CALL nova.sys.close_batch('%d')".formatted(batch)).get(0))
        .contains("closed");
    String link = rows(first, "SELECT link FROM batches WHERE batch_number = " + batch).get(0);
    assertThat(
            rows(first, "CALL nova.sys.complete_batch('%d', '%s')".formatted(batch, link)).get(0))
        .contains("completed");
  }

  @Test
  @Order(3)
  void eventIsAnsweredSoonAfterItWasSent() throws Exception {
    String sql = "SELECT count(*) FROM events WHERE event_type = 'fresh'";
    Instant now = NumberedEvents.TEN.plus(Duration.ofMinutes(160));
    List<Long> millis = new ArrayList<>();
    for (int event = 1; event <= 5; event++) {
      byte[] message =
          NumberedEvents.message("fresh" + event, "fresh", "fresh", now)
              .toString()
              .getBytes(StandardCharsets.UTF_8);
      long start = System.nanoTime();
      cluster.feed().send(event % NumberedEvents.PARTITIONS, message);
      cluster.feed().flush();
      String expected = Integer.toString(event);
      cluster.await(
          "a fresh event", () -> cluster.console().ask(sql).rows().equals(List.of(expected)));
      millis.add((System.nanoTime() - start) / 1_000_000);
    }
    cluster.log("from send to answer, in milliseconds, asked every 200 ms: %s".formatted(millis));
  }

  @Test
  @Order(4)
  void deadTaskManagerLosesTheCutInBothEngines() throws Exception {
    String output = cluster.console().nova("ask", "--pin", "300", "SELECT count(*) FROM events");
    Matcher id = PINNED.matcher(output);
    assertThat(id.find()).as(output).isTrue();
    String cut = id.group(1);
    int restores = cluster.restores();

    cluster.cluster().killTaskManager(1);
    Reply lost = cluster.console().askPinned(cut, EngineQuestion.BY_TYPE.duck());
    assertThat(lost.status()).as("%s", lost).isEqualTo(503);
    assertThat(lost.error()).contains("the cut " + cut + " is lost", "Pin another cut");
    assertThatThrownBy(() -> rows(first, EngineQuestion.BY_TYPE.flink(cut)))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("the cut " + cut + " is lost");

    cluster.cluster().startTaskManager();
    cluster.await("the job starts again", () -> cluster.restores() > restores);
    cluster.awaitRunning();
    assertThat(cluster.console().askPinned(cut, EngineQuestion.BY_TYPE.duck()).status())
        .isEqualTo(503);
    cluster.feed().await(170);
    cluster.mustHaveNumbered(first, notCompleted(cluster.feed().sent()));
  }
}
