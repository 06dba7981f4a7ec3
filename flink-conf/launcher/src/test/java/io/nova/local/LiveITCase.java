package io.nova.local;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.input.Message;
import io.nova.judge.Verdict;
import io.nova.send.Pace;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Queries over memory and disk at once, one after the other, while a day of events is replayed and
 * its blocks are sealed, merged and committed, and while TaskManagers are killed.
 *
 * <p>A few queries by default; {@code -Dnova.live.queries=500} asks as many, in a quarter of an
 * hour or so.
 */
class LiveITCase {
  private static final int QUERIES = Integer.getInteger("nova.live.queries", 12);
  private static final int MESSAGES = QUERIES <= 100 ? 12_000 : 30_000;
  private static final double SECONDS_A_SLICE = 1.5;
  private static final int COMMITTED_EVERY = QUERIES <= 100 ? 1 : 5;
  private static final int KILLS = QUERIES <= 100 ? 1 : 5;

  /** Figures are older than an answer for no longer than this. */
  private static final long FIGURES_LAG_NANOS = 4_000_000_000L;

  private static final String EVERY_ROW =
      "SELECT kafka_partition, kafka_offset, CONCAT_WS('/', CAST(app AS STRING), device_id,"
          + " insert_id, uuid, CAST(event_id AS STRING), CAST(upload_time AS STRING)) FROM events";
  private static final String COMMITTED =
      "SELECT COUNT(*) FROM events /*+ OPTIONS('read'='committed') */";

  private TestCluster nova;
  private SqlSession session;
  private List<Message> day = List.of();
  private int sent;
  private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
  private Set<String> places = Set.of();
  private Set<String> events = Set.of();
  private final ArrayDeque<Counted> toBeBounded = new ArrayDeque<>();
  private long committed;
  private long admittedBeforeTheLast;
  private int answers;
  private int failures;

  /** An answer that the admitted count must reach. */
  private record Counted(long rows, long nanos) {}

  @Test
  void everyAnswerIsACutThatHoldsEachEventOnceAndOnlyGrows() throws Exception {
    try (TestCluster cluster = TestCluster.start("live");
        SqlSession opened = cluster.processes().sql().open()) {
      nova = cluster;
      session = opened;
      nova.submit(
          List.of("--nova.checkpoint.interval", "2 s", "--nova.chunk.block-files", "4"),
          Optional.empty(),
          2);
      day = TestCluster.generated(MESSAGES);

      int perPhase = QUERIES / (KILLS + 1);
      ask(perPhase);
      assertThat(failures).as("queries that failed though nobody was killed").isZero();
      for (int kill = 0; kill < KILLS; kill++) {
        killATaskManager(kill);
        ask(perPhase);
      }
      sending.join();
      nova.send(day.subList(sent, day.size()), Pace.UNPACED);
      nova.awaitAllDecided();
      ask(1);
      assertThat(nova.figures().chunks()).as("blocks were merged meanwhile").isPositive();

      nova.stop(true);
      ask(1);
      assertThat(committed).isEqualTo(places.size());
      Verdict verdict = nova.judge();
      assertThat(verdict.examples()).isEmpty();
      assertThat(verdict.holds()).isTrue();
      assertThat(places).hasSize((int) verdict.admitted());
      System.out.printf("live: %d answers, %d failed around %d kills%n", answers, failures, KILLS);
    }
  }

  private void killATaskManager(int kill) {
    int restores = nova.restores();
    nova.processes().killTaskManager(kill + 1);
    nova.processes().startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    // Copies may stand in for others now, and the counts go back to the checkpoint.
    places = Set.of();
    toBeBounded.clear();
  }

  /** Until so many were answered; what fails is asked again. */
  private void ask(int queries) {
    for (int answered = 0; answered < queries; ) {
      if (isAnswered()) {
        answered++;
      }
      if (answered % COMMITTED_EVERY == 0 || answered == queries) {
        askForTheCommitted();
      }
    }
  }

  private void askForTheCommitted() {
    long now = rows(COMMITTED).get(0).get(0).asLong();
    assertThat(now).as("committed rows never fall").isGreaterThanOrEqualTo(committed);
    committed = now;
  }

  private boolean isAnswered() {
    sendASlice();
    long before = nova.figures().admitted();
    List<JsonNode> rows;
    try {
      rows = rows(EVERY_ROW);
    } catch (Failure refused) {
      failures++;
      System.out.println("live: " + refused.getMessage());
      assertThat(failures).as("queries that failed").isLessThan(20 * KILLS + 1);
      return false;
    }
    answers++;
    System.out.printf(
        "live: answer %d has %d rows, %d committed, %d admitted before%n",
        answers, rows.size(), committed, before);
    // A checkpoint may hold the publishing up for a moment, not for as long as a query takes.
    boolean afterAKill = places.isEmpty();
    check(rows, afterAKill ? 0 : admittedBeforeTheLast);
    admittedBeforeTheLast = afterAKill ? 0 : before;
    return true;
  }

  /** Events flow during each query, however long the machine takes for one. */
  private void sendASlice() {
    List<Message> slice = day.subList(sent, Math.min(sent + MESSAGES / QUERIES, day.size()));
    if (sending.isDone() && !slice.isEmpty()) {
      sent += slice.size();
      sending =
          CompletableFuture.runAsync(
              () -> nova.send(slice, Pace.perSecond(slice.size() / SECONDS_A_SLICE)));
    }
  }

  private void check(List<JsonNode> rows, long before) {
    Set<String> foundPlaces = new HashSet<>();
    Set<String> foundEvents = new HashSet<>();
    for (JsonNode row : rows) {
      assertThat(foundPlaces.add(row.get(0) + ":" + row.get(1))).as("twice: %s", row).isTrue();
      assertThat(foundEvents.add(row.get(2).asText())).as("twice: %s", row).isTrue();
    }
    assertThat(foundPlaces.size()).as("admitted before").isGreaterThanOrEqualTo((int) before);
    assertThat(foundPlaces).as("rows of the last answer").containsAll(places);
    assertThat(foundEvents).as("events of all answers").containsAll(events);
    assertThat(foundEvents.size()).isGreaterThanOrEqualTo((int) committed);
    places = foundPlaces;
    events = foundEvents;
    toBeBounded.add(new Counted(rows.size(), System.nanoTime()));
    long admitted = nova.figures().admitted();
    while (!toBeBounded.isEmpty()
        && System.nanoTime() - toBeBounded.peek().nanos > FIGURES_LAG_NANOS) {
      assertThat(toBeBounded.remove().rows).as("admitted after").isLessThanOrEqualTo(admitted);
    }
  }

  private List<JsonNode> rows(String query) {
    return TestCluster.ask(session, query);
  }
}
