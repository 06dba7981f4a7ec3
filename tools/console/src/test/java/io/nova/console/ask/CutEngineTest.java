package io.nova.console.ask;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.console.ask.AskException.Kind;
import io.nova.iceberg.CatalogAddress;
import io.nova.sql.TestBatchLayer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The rows of the fast path while blocks move, against a plain list. */
class CutEngineTest {
  private static final long DAY_1 = 20_777;

  @TempDir private Path folder;
  private AskedJob asked;

  @BeforeEach
  void start() {
    asked = new AskedJob(folder);
  }

  @AfterEach
  void stop() {
    asked.close();
  }

  @Test
  void everyRowIsThereOnceWhereverItsBlockIs() throws Exception {
    asked.assertAll();
    asked.admit(AskedJob.DAY_1_EVENING, 300);
    asked.assertAll();
    asked.admit(AskedJob.DAY_1_EVENING, 200);
    asked.assertAll();
    asked.job.seal();
    asked.assertAll();
    asked.admit(AskedJob.DAY_1_EVENING, 100);
    asked.assertAll();
    asked.job.commit();
    asked.assertAll();
    asked.job.seeTable();
    asked.assertAll();
    asked.job.merge();
    asked.assertAll();
    asked.admit(AskedJob.DAY_2, 50);
    asked.assertAll();
    assertThat(asked.job.leases()).isZero();
  }

  /** Late parts have the interval of sealed blocks, and nobody asks for some steps. */
  @Test
  @Timeout(300)
  void everyAnswerOfRandomStepsIsRight() throws Exception {
    assertAnswersOfRandomSteps();
  }

  /** Tables are full after 50 rows, so rows are copied often. */
  @Test
  @Timeout(300)
  void everyAnswerOfRandomStepsIsRightWhileTablesAreCompacted() throws Exception {
    asked.close();
    asked =
        new AskedJob(
            folder.resolve("small"),
            (warehouse, own) -> AskedJob.options(warehouse, own).withTableRows(50));
    assertAnswersOfRandomSteps();
  }

  private void assertAnswersOfRandomSteps() throws Exception {
    Random random = new Random(5);
    for (int step = 0; step < 120; step++) {
      switch (random.nextInt(8)) {
        case 0, 1, 2 -> asked.admit(AskedJob.DAY_1_EVENING, 1 + random.nextInt(60));
        case 3 -> asked.job.seal();
        case 4 -> asked.job.commit();
        case 5 -> asked.job.seeTable();
        case 6 -> asked.job.merge();
        default -> {
          asked.job.checkpoint();
          asked.admit(AskedJob.DAY_2, random.nextInt(20));
        }
      }
      if (random.nextBoolean()) {
        asked.assertAll();
      }
      if (random.nextInt(6) == 0) {
        asked.ask("SELECT count(*) FROM events", false);
      }
    }
    asked.assertAll();
  }

  /** Nobody asks while the block is sealed, merged and followed by another of its interval. */
  @Test
  void aLatePartIsNotTakenForTheBlockBeforeIt() throws Exception {
    for (int late = 1; late <= 3; late++) {
      asked.admitAt("2026-11-21T10:01:00Z", 3 * late);
      asked.assertAll();
      asked.job.seal();
      asked.job.commit();
      asked.job.merge();
      asked.job.seeTable();
      asked.admitAt("2026-11-21T10:01:00Z", 4 * late);
      asked.assertAll();
      asked.job.seal();
      asked.job.commit();
      asked.job.seeTable();
    }
  }

  @Test
  void committedReadsLeaveOutLiveRows() throws Exception {
    List<org.apache.iceberg.data.Record> first = asked.admit(AskedJob.DAY_1_EVENING, 100);
    asked.job.seal();
    asked.job.commit();
    asked.admit(AskedJob.DAY_2, 40);
    asked.assertRows("events", false, first::contains);
    asked.assertAll();
    asked.job.merge();
    asked.assertRows("events", false, first::contains);
  }

  @Test
  void aRestartedJobIsReadAnew() throws Exception {
    asked.admit(AskedJob.DAY_1_EVENING, 200);
    asked.job.checkpoint();
    asked.assertAll();
    asked.job.restart();
    asked.assertAll();
    asked.admit(AskedJob.DAY_2, 50);
    asked.assertAll();
  }

  @Test
  void completedBatchesAreLeftOutAndTheBatchLayerAnswersForThem() throws Exception {
    asked.admit(AskedJob.DAY_1_EVENING, 150);
    asked.admit(AskedJob.DAY_2, 80);
    TestBatchLayer batches = TestBatchLayer.create(asked.job.location());
    asked.assertRows("lambda_events", true, row -> true);
    batches.write(
        DAY_1, asked.admitted.stream().filter(row -> AskedJob.batch(row) == DAY_1).toList());
    asked.job.complete(DAY_1);
    asked.assertRows("events", true, row -> AskedJob.batch(row) > DAY_1);
    // The places of messages are null in this batch layer.
    assertThat(asked.one("SELECT count(*) FROM lambda_events")).isEqualTo(230L);
    assertThat(asked.one("SELECT count(DISTINCT insert_id) FROM lambda_events")).isEqualTo(230L);
    assertThat(asked.one("SELECT sum(event_id) FROM lambda_events").toString())
        .isEqualTo(
            Long.toString(
                asked.admitted.stream().mapToLong(row -> (Long) row.getField("event_id")).sum()));
    assertThat(asked.one("SELECT count(*) FROM lambda_events WHERE shard IS NULL"))
        .isEqualTo(asked.admitted.stream().filter(row -> AskedJob.batch(row) == DAY_1).count());
    assertThat(asked.one("SELECT count(*) FROM lambda_events WHERE batch_number = 20777"))
        .isEqualTo(asked.admitted.stream().filter(row -> AskedJob.batch(row) == DAY_1).count());
    asked.job.remove(DAY_1);
    assertThat(asked.one("SELECT count(*) FROM lambda_events")).isEqualTo(230L);
  }

  @Test
  void aMissingBatchLayerIsAClearFailure() throws Exception {
    asked.admit(AskedJob.DAY_1_EVENING, 10);
    asked.job.complete(DAY_1);
    assertThatThrownBy(() -> asked.ask("SELECT count(*) FROM lambda_events"))
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("nova.batch_events")
        .hasMessageContaining("batch " + DAY_1);
  }

  @Test
  void aDeadServerFailsLiveReadsAndLeavesCommittedOnes() throws Exception {
    asked.admit(AskedJob.DAY_1_EVENING, 100);
    asked.job.seal();
    asked.job.commit();
    asked.assertAll();
    asked.job.kill(1);
    assertThatThrownBy(() -> asked.ask("SELECT count(*) FROM events"))
        .isInstanceOfSatisfying(
            AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
        .hasMessageContaining("key groups 2-3");
    assertThat(asked.ask("SELECT count(*) FROM events", false).rows().get(0).get(0))
        .isEqualTo(100L);
  }

  @Test
  void sourcesAndTokenAreThoseOfTheCut() throws Exception {
    asked.admit(AskedJob.DAY_1_EVENING, 60);
    asked.job.seal();
    asked.job.commit();
    asked.job.merge();
    asked.job.seeTable();
    asked.admit(AskedJob.DAY_1_EVENING, 30);
    asked.job.seal();
    asked.admit(AskedJob.DAY_2, 20);
    Answer answer =
        asked.ask(
            "SELECT split_part(source_file, '/', 1), regexp_extract(source_file, '[.][a-z]+$'),"
                + " count(*) FROM events GROUP BY 1, 2 ORDER BY 3");
    assertThat(answer.rows())
        .extracting(row -> row.get(1) + " " + row.get(2))
        .containsExactly(" 20", ".avro 30", ".parquet 60");
    assertThat(answer.rows().get(0).get(0)).isEqualTo("live");
    assertThat(asked.one("SELECT DISTINCT read_token FROM events").toString())
        .contains("\"version\":1", "\"views\":[{");
    assertThat(answer.readToken()).contains("\"version\":1");
    assertThat(answer.gaps()).isEmpty();
    assertThat(answer.rowsRead()).isEqualTo(110);
    assertThat(answer.bytesRead()).isPositive();
  }

  @Test
  void systemTablesDescribeTheCut() throws Exception {
    asked.admit(AskedJob.DAY_1_EVENING, 60);
    asked.job.seal();
    asked.job.commit();
    asked.job.merge();
    asked.job.seeTable();
    asked.admit(AskedJob.DAY_1_EVENING, 30);
    asked.job.seal();
    asked.job.commit();
    asked.admit(AskedJob.DAY_2, 20);
    asked.job.seal();
    asked.admit(AskedJob.DAY_2, 7);
    assertThat(
            asked
                .ask("SELECT state, sum(row_count)::BIGINT FROM blocks GROUP BY 1 ORDER BY 1")
                .rows())
        .asString()
        .isEqualTo("[[block_file, 30], [open, 7], [sealed, 20]]");
    assertThat(asked.ask("SELECT batch_number, row_count, completed FROM chunks").rows())
        .asString()
        .isEqualTo("[[20777, 60, false]]");
    assertThat(asked.one("SELECT min_upload_time >= TIMESTAMPTZ '2026-11-20 22:00:00' FROM chunks"))
        .isEqualTo(true);
    assertThat(asked.ask("SELECT batch, state, row_count FROM batches").rows())
        .asString()
        .isEqualTo("[[2026-11-20, open, 90]]");
    assertThat(asked.one("SELECT sum(live_rows)::BIGINT FROM freshness")).isEqualTo(7L);
    assertThat(asked.one("SELECT row_count FROM snapshots ORDER BY committed_at DESC LIMIT 1"))
        .isEqualTo(90L);
    assertThat(asked.one("SELECT count(*) FROM blocks b JOIN chunks c USING (batch_number)"))
        .isNotEqualTo(0L);
  }

  @Test
  void aWarehouseWithoutATableIsUnavailable(@TempDir Path empty) throws Exception {
    try (CutEngine other =
        new CutEngine(AskOptions.of(CatalogAddress.hadoop(empty.toString()), empty.resolve("c")))) {
      assertThatThrownBy(
              () -> other.ask(new Question("q", "SELECT 1", true, 1, Duration.ofSeconds(9))))
          .isInstanceOfSatisfying(
              AskException.class, e -> assertThat(e.kind()).isEqualTo(Kind.UNAVAILABLE))
          .hasMessageContaining("has no table nova.events yet");
    }
  }

  /** The oracle is one row: the events do not change while they move. */
  @Test
  @Timeout(300)
  void everyAnswerIsOneCutWhileBlocksMove() throws Exception {
    asked.admit(AskedJob.DAY_1_EVENING, 400);
    String expected =
        Long.toString(
            asked.admitted.stream().mapToLong(row -> (Long) row.getField("event_id")).sum());
    AtomicBoolean moved = new AtomicBoolean();
    List<CompletableFuture<Integer>> loops =
        List.of(loop(moved, expected, "events"), loop(moved, expected, "lambda_events"));
    try {
      Instant end = Instant.now().plusSeconds(4);
      while (Instant.now().isBefore(end)) {
        asked.job.seal();
        Thread.sleep(50);
        asked.job.commit();
        Thread.sleep(50);
        asked.job.merge();
        asked.job.seeTable();
        Thread.sleep(50);
      }
    } finally {
      moved.set(true);
    }
    for (CompletableFuture<Integer> loop : loops) {
      assertThat(loop.get()).isGreaterThan(5);
    }
    assertThat(asked.job.leases()).isZero();
  }

  private CompletableFuture<Integer> loop(AtomicBoolean moved, String expected, String table) {
    return CompletableFuture.supplyAsync(
        () -> {
          int answers = 0;
          while (!moved.get()) {
            try {
              List<?> row =
                  asked
                      .ask(
                          "SELECT count(*), count(DISTINCT insert_id), sum(event_id) FROM " + table)
                      .rows()
                      .get(0);
              assertThat(row).asString().isEqualTo("[400, 400, %s]".formatted(expected));
              answers++;
            } catch (AskException e) {
              throw new IllegalStateException(e);
            }
          }
          return answers;
        });
  }
}
