package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.SqlSession;
import io.nova.judge.Verdict;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * Queries over live views and table, one after the other, during a replay of a day of events. Its
 * blocks are sealed, merged and committed meanwhile, and TaskManagers are killed. After that every
 * client asks, one query follows the table, and the job is rescaled between queries. At the end a
 * query fails because no server answers.
 *
 * <p>By default it asks a few queries. With {@code -Dnova.live.queries=500} it is a soak test, and
 * restores at one subtask too.
 */
class LiveProcessITCase {
  private static final int QUERIES = Integer.getInteger("nova.live.queries", 4);
  private static final boolean SOAK = QUERIES > 100;
  private static final int MESSAGES = SOAK ? 30_000 : 10_000;

  /** Messages that are sent after the loop. */
  private static final int MESSAGES_LATER = 1_000;

  private static final double SECONDS_A_SLICE = 1.5;
  private static final int COMMITTED_EVERY = SOAK ? 5 : 2;
  private static final int KILLS = SOAK ? 5 : 1;

  private static final List<String> OPTIONS =
      List.of("--nova.checkpoint.interval", "2 s", "--nova.chunk.target-size", "20 kb");

  private static final String EVERY_ROW =
      "SELECT kafka_partition, kafka_offset, CONCAT_WS('/', CAST(app AS STRING), device_id,"
          + " insert_id, uuid, CAST(event_id AS STRING), CAST(upload_time AS STRING)) FROM events";
  private static final String FOLLOW = EVERY_ROW + " /*+ OPTIONS('scan.mode'='follow') */";
  private static final String COUNT = "SELECT COUNT(*) FROM nova.nova.events";
  private static final String COMMITTED = "'read'='committed'";

  private ProcessCluster nova;
  private SqlSession session;
  private LiveAnswers answers;
  private List<Message> day = List.of();
  private int sent;
  private CompletableFuture<Void> sending = CompletableFuture.completedFuture(null);
  private int failures;

  @Test
  void everyAnswerIsACutThatHoldsEachEventOnceAndOnlyGrows() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("live");
        SqlSession opened = cluster.processes().sql().open()) {
      nova = cluster;
      session = opened;
      answers = new LiveAnswers(() -> nova.figures().admitted());
      // Without high availability a JobManager keeps the results of every query for ever.
      ProcessCluster.ask(session, "SET 'collect-sink.batch-size.max' = '64 kb'");
      nova.submit(OPTIONS, Optional.empty(), 2);
      day = ProcessCluster.generated(MESSAGES);

      askInALoop();
      everyClientIsAnswered();
      followed();
      String savepoint = nova.stop(false);
      nobodyAnswers();
      if (SOAK) {
        savepoint = rescaled(savepoint);
      }
      drained(savepoint, SOAK ? 1 : 3);
      System.out.printf(
          "live: %d answers, %d failed around %d kills%n", answers.count(), failures, KILLS);
    }
  }

  private void askInALoop() {
    int perPhase = QUERIES / (KILLS + 1);
    ask(perPhase);
    assertThat(failures).as("queries that failed though nobody was killed").isZero();
    for (int kill = 0; kill < KILLS; kill++) {
      killATaskManager(kill);
      ask(perPhase);
    }
    sending.join();
    sendNext(day.size() - MESSAGES_LATER - sent);
    nova.awaitAllDecided();
    ask(1);
    assertThat(nova.figures().chunks()).as("blocks were merged meanwhile").isPositive();
  }

  private void everyClientIsAnswered() throws Exception {
    long admitted = nova.figures().admitted();
    nova.await("a live answer has all", () -> count("") == admitted);
    int gateway = nova.processes().options().ports().gateway();
    assertThat(JdbcClient.number(gateway, COUNT)).isEqualTo(admitted);
    assertThat(JdbcClient.databases(gateway)).contains("nova.nova", "nova.sys");
    assertThat(JdbcClient.rows(gateway, "batch", "SHOW TABLES IN nova.nova"))
        .contains(List.of("events"), List.of("lambda_events"));
    assertThat(JdbcClient.rows(gateway, "batch", "DESCRIBE nova.nova.events"))
        .extracting(row -> row.get(0) + " " + row.get(1))
        .contains("event_type STRING", "upload_time TIMESTAMP_LTZ(6)");
    assertThat(count(COMMITTED)).isLessThan(admitted);
    assertThat(number("SELECT SUM(live_rows) FROM `freshness`")).isPositive();
  }

  /** A query in streaming mode, while events arrive and blocks leave memory. */
  private void followed() throws Exception {
    Set<String> followed;
    try (FollowingQuery following = FollowingQuery.start(nova.processes().sql(), FOLLOW)) {
      nova.await("the cut is there", () -> following.places().containsAll(answers.places()));
      assertThat(following.places()).as("the cut").isEqualTo(answers.places());
      long blockFiles = nova.figures().blockFiles();
      sendNext(MESSAGES_LATER / 2);
      nova.awaitAllDecided();
      nova.await("blocks left", () -> nova.figures().blockFiles() > blockFiles);
      long admitted = nova.figures().admitted();
      nova.await("every new event came", () -> following.places().size() >= admitted);
      Thread.sleep(1_000);
      followed = following.places();
    }
    ask(1);
    assertThat(followed).isEqualTo(answers.places());
  }

  private void sendNext(int messages) {
    nova.send(day.subList(sent, sent + messages), Pace.UNPACED);
    sent += messages;
  }

  /** The error of a strict query, and the answer of an available one, while no job runs. */
  private void nobodyAnswers() {
    long committed = count(COMMITTED);
    assertThatThrownBy(() -> count("'live.wait'='1 s'"))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("key groups 0-63")
        .hasMessageContaining("completeness");
    assertThat(count("'live.wait'='1 s','completeness'='available'")).isEqualTo(committed);
  }

  private String rescaled(String savepoint) {
    nova.submit(OPTIONS, Optional.of(savepoint), 3);
    ask(1);
    sendNext((day.size() - sent) / 2);
    nova.awaitAllDecided();
    ask(1);
    return nova.stop(false);
  }

  private void drained(String savepoint, int parallelism) {
    nova.submit(OPTIONS, Optional.of(savepoint), parallelism);
    ask(1);
    sendNext(day.size() - sent);
    nova.awaitAllDecided();
    ask(1);
    nova.stop(true);
    ask(1);
    answers.checkCommitted(count(COMMITTED));
    Verdict verdict = nova.judge();
    assertThat(verdict.examples()).isEmpty();
    assertThat(verdict.holds()).isTrue();
    assertThat((long) answers.places().size()).isEqualTo(verdict.admitted());
    assertThat(count(COMMITTED)).isEqualTo(verdict.admitted());
  }

  private void killATaskManager(int kill) {
    int restores = nova.restores();
    nova.processes().killTaskManager(kill + 1);
    nova.processes().startTaskManager();
    nova.await("the job starts again", () -> nova.restores() > restores);
    answers.wentBack();
  }

  /** Asks until {@code queries} queries were answered; a failed query is asked again. */
  private void ask(int queries) {
    for (int answered = 0; answered < queries; ) {
      if (isAnswered()) {
        answered++;
      }
      if (answered % COMMITTED_EVERY == 0 || answered == queries) {
        answers.checkCommitted(count(COMMITTED));
      }
    }
  }

  private boolean isAnswered() {
    sendASlice();
    long before = nova.figures().admitted();
    List<JsonNode> rows;
    try {
      rows = ProcessCluster.ask(session, EVERY_ROW);
    } catch (CommandException failed) {
      failures++;
      System.out.println("live: " + failed.getMessage());
      assertThat(failures).as("queries that failed").isLessThan(20 * KILLS + 1);
      return false;
    }
    answers.check(rows, before);
    return true;
  }

  /** Sends events during each query, however long it takes. */
  private void sendASlice() {
    int end = Math.min(sent + MESSAGES / QUERIES, day.size() - MESSAGES_LATER);
    if (sending.isDone() && end > sent) {
      List<Message> slice = day.subList(sent, end);
      sent = end;
      sending =
          CompletableFuture.runAsync(
              () -> nova.send(slice, Pace.perSecond(slice.size() / SECONDS_A_SLICE)));
    }
  }

  private long count(String hints) {
    return number(hints.isEmpty() ? COUNT : COUNT + " /*+ OPTIONS(" + hints + ") */");
  }

  private long number(String query) {
    return ProcessCluster.ask(session, query).get(0).get(0).asLong();
  }
}
