package io.nova.console.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.console.ask.AskException.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many questions at once: equal ones run once, and each ends by its own timeout or cancel. */
class SharedQuestionsTest {
  private static final String ENDLESS =
      "SELECT count(*) FROM range(1000000000) a, range(1000000000) b WHERE a.range + b.range = -1";

  @TempDir private Path folder;
  private AskedJob asked;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @BeforeEach
  void start() {
    asked =
        new AskedJob(
            folder,
            (warehouse, own) -> AskedJob.options(warehouse, own).refreshing(Duration.ofMinutes(5)));
    asked.admit(AskedJob.DAY_2, 50);
  }

  @AfterEach
  void stop() {
    asked.close();
    threads.shutdownNow();
  }

  private CompletableFuture<Answer> ask(String id, String sql, Duration timeout) {
    return ask(asked, id, sql, timeout);
  }

  private CompletableFuture<Answer> ask(AskedJob job, String id, String sql, Duration timeout) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return job.engine.ask(new Question(id, sql, true, 10, timeout));
          } catch (AskException e) {
            throw new IllegalStateException(e.kind() + " " + e.getMessage(), e);
          }
        },
        threads);
  }

  @Test
  void equalQuestionsOnOneCutRunOnce() {
    String drawn = "SELECT random(), count(*) FROM events";
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      answers.add(ask("q" + i, drawn, Duration.ofSeconds(30)));
    }
    assertThat(answers.stream().map(CompletableFuture::join).map(Answer::rows).distinct())
        .hasSize(1);
  }

  @Test
  void anotherCutIsAnotherRun() throws AskException {
    try (AskedJob each = new AskedJob(folder.resolve("each"))) {
      each.admit(AskedJob.DAY_2, 5);
      assertThat(each.one("SELECT random() FROM range(1)"))
          .isNotEqualTo(each.one("SELECT random() FROM range(1)"));
    }
  }

  @Test
  void withinTheRefreshTimeNobodyTakesAnotherCut() throws AskException {
    assertThat(asked.one("SELECT count(*) FROM events")).isEqualTo(50L);
    asked.admit(AskedJob.DAY_2, 5);
    assertThat(asked.one("SELECT count(*) FROM events")).isEqualTo(50L);
  }

  @Test
  @Timeout(60)
  void aCutEndsThoughNobodyAsks() throws Exception {
    AtomicLong nanos = new AtomicLong();
    try (AskedJob idle = new AskedJob(folder.resolve("idle"), AskedJob::options, nanos::get)) {
      idle.admit(AskedJob.DAY_2, 5);
      assertThat(idle.one("SELECT count(*) FROM events")).isEqualTo(5L);
      assertThat(idle.engine.alive()).isEqualTo(1);
      nanos.addAndGet(Duration.ofMinutes(3).toNanos());
      while (idle.engine.alive() > 0) {
        Thread.sleep(20);
      }
    }
  }

  @Test
  void aLargeAnswerIsNotKept() throws Exception {
    assertThat(asked.one("SELECT repeat('x', 100000)")).isNotNull();
    assertThat(asked.engine.keptRuns()).isEqualTo(1);
    assertThat(asked.one("SELECT repeat('x', 100001)")).isNotNull();
    assertThat(asked.engine.keptRuns()).isEqualTo(1);
  }

  @Test
  void aFailureIsNotKept() {
    assertThatThrownBy(() -> asked.one("SELECT error('again')")).hasMessageContaining("again");
    assertThat(asked.engine.keptRuns()).isZero();
  }

  /** The engine ends at different moments of a live cut: before, while and after it is taken. */
  @Test
  @Timeout(120)
  void theLeasesOfACutEndWithTheEngine() throws Exception {
    for (int i = 0; i < 8; i++) {
      try (AskedJob ending = new AskedJob(folder.resolve("ending" + i))) {
        ending.admit(AskedJob.DAY_2, 2_000);
        assertThat(ending.ask("SELECT count(*) FROM events", false).rows()).isNotEmpty();
        CompletableFuture<Void> question =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    Answer unused = ending.ask("SELECT count(*) FROM events");
                  } catch (AskException ended) {
                    assertThat(ended.kind()).isNotEqualTo(Kind.STATEMENT);
                  }
                },
                threads);
        Thread.sleep(4L * i);
        ending.engine.close();
        Instant end = Instant.now().plusSeconds(5);
        while (ending.job.leases() > 0 && Instant.now().isBefore(end)) {
          Thread.sleep(20);
        }
        assertThat(ending.job.leases()).isZero();
        question.cancel(true);
      }
    }
  }

  /** The second question begins two seconds after the cut, while its rows are loaded. */
  @Test
  @Timeout(60)
  void aQuestionDoesNotGetACutThatWasTakenLongBeforeIt() throws Exception {
    AtomicLong nanos = new AtomicLong();
    try (AskedJob slow =
        new AskedJob(
            folder.resolve("slow"),
            (warehouse, own) -> AskedJob.options(warehouse, own).refreshing(Duration.ofSeconds(1)),
            nanos::get)) {
      slow.admit(AskedJob.DAY_2, 20_000);
      CompletableFuture<Answer> first =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return slow.ask("SELECT count(*) FROM events");
                } catch (AskException e) {
                  throw new IllegalStateException(e);
                }
              },
              threads);
      while (slow.job.leases() < 2 && !first.isDone()) {
        Thread.onSpinWait();
      }
      assertThat(first.isDone()).as("the first cut is being loaded").isFalse();
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
      slow.admit(AskedJob.DAY_2, 5);
      assertThat(slow.one("SELECT count(*) FROM events")).isEqualTo(20_005L);
      assertThat(first.join().rows().get(0).get(0)).isEqualTo(20_000L);
    }
  }

  @Test
  @Timeout(60)
  void aStatementThatNeverEndsIsCancelledByItsTimeout() throws Exception {
    assertThat(asked.one("SELECT count(*) FROM events")).as("there is a cut").isEqualTo(50L);
    Instant start = Instant.now();
    assertThatThrownBy(() -> ask("q", ENDLESS, Duration.ofMillis(400)).join())
        .hasMessageContaining("CANCELLED")
        .hasMessageContaining("timeout of 400 ms");
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(10));
  }

  @Test
  @Timeout(60)
  void aCancelEndsOneQuestionAndNotTheOthersThatShareItsStatement() throws Exception {
    CompletableFuture<Answer> one = ask("one", ENDLESS, Duration.ofSeconds(50));
    CompletableFuture<Answer> two = ask("two", ENDLESS, Duration.ofSeconds(50));
    Thread.sleep(500);
    asked.engine.cancel("one");
    assertThatThrownBy(one::join).hasMessageContaining("CANCELLED");
    Thread.sleep(200);
    assertThat(two.isDone()).isFalse();
    asked.engine.cancel("two");
    assertThatThrownBy(two::join).hasMessageContaining("CANCELLED");
    // All of DuckDB's threads are free again.
    assertThat(asked.one("SELECT count(*) FROM events")).isEqualTo(50L);
  }

  @Test
  @Timeout(60)
  void aQuestionThatWaitsForItsCutCanBeCancelled() throws Exception {
    try (AskedJob away =
        new AskedJob(
            folder.resolve("away"),
            (warehouse, own) -> AskedJob.options(warehouse, own).waiting(Duration.ofSeconds(20)))) {
      away.admit(AskedJob.DAY_2, 5);
      assertThat(away.ask("SELECT count(*) FROM events", false).rows()).hasSize(1);
      away.job.kill(1);
      CompletableFuture<Answer> waiting =
          ask(away, "q", "SELECT 1 FROM events", Duration.ofSeconds(50));
      Thread.sleep(500);
      Instant start = Instant.now();
      away.engine.cancel("q");
      assertThatThrownBy(waiting::join).hasMessageContaining("The statement was cancelled");
      assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  @Timeout(60)
  void statementsThatWaitForAPlaceCanBeCancelled() throws Exception {
    List<CompletableFuture<Answer>> busy = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      busy.add(ask("busy" + i, ENDLESS + " AND a.range <> " + i, Duration.ofSeconds(50)));
    }
    Thread.sleep(500);
    for (int i = 0; i < 8; i++) {
      asked.engine.cancel("busy" + i);
    }
    for (CompletableFuture<Answer> each : busy) {
      assertThatThrownBy(each::join).hasMessageContaining("CANCELLED");
    }
    assertThat(asked.one("SELECT count(*) FROM events")).isEqualTo(50L);
  }

  @Test
  void answersHaveAGreatestNumberOfRows() throws AskException {
    Answer answer =
        asked.engine.ask(
            new Question("q", "SELECT * FROM range(11)", true, 10, Duration.ofSeconds(20)));
    assertThat(answer.rows()).hasSize(10);
    assertThat(answer.truncated()).isTrue();
    assertThat(
            asked
                .engine
                .ask(new Question("q", "SELECT * FROM range(10)", true, 10, Duration.ofSeconds(20)))
                .truncated())
        .isFalse();
  }

  @Test
  void anAnswerWithALongValueIsTruncated() throws AskException {
    assertThat(asked.ask("SELECT repeat('x', 1048576)").truncated()).isFalse();
    Answer cut = asked.ask("SELECT repeat('x', 1048577)");
    assertThat(cut.rows().get(0).get(0).toString()).hasSize(1 << 20);
    assertThat(cut.truncated()).isTrue();
    assertThat(asked.ask("SELECT [repeat('x', 1048577)]").truncated()).isTrue();
  }

  @Test
  @Timeout(60)
  void aStatementThatNeedsTooMuchMemoryFailsAndTheNextIsAnswered() throws AskException {
    assertThatThrownBy(
            () ->
                asked.ask("SELECT length(string_agg(repeat('x', 1000000), '')) FROM range(100000)"))
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.STATEMENT))
        .hasMessageContaining("emory");
    assertThat(asked.one("SELECT count(*) FROM events")).isEqualTo(50L);
  }
}
