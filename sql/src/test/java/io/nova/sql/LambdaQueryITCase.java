package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.metric.NovaMetric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries of {@code lambda_events} while days move to the batch layer, against plain lists. */
class LambdaQueryITCase extends JobQueries {
  private static final long DAY_1 = 20_777;
  private static final long DAY_2 = 20_778;

  private static final String AGGREGATED =
      " FROM lambda_events /*+ OPTIONS('scan.aggregates' = 'true') */ WHERE app >= 0";

  private TestBatchLayer batches;

  LambdaQueryITCase() {
    super(19);
  }

  private static long batch(Record row) {
    return (Long) row.getField("batch_number");
  }

  private List<Record> of(long batch) {
    return admitted.stream().filter(row -> batch(row) == batch).toList();
  }

  private void assertAllOnce() {
    long rows = admitted.size();
    long users = admitted.stream().map(row -> row.getField("amplitude_id")).distinct().count();
    long sum = admitted.stream().mapToLong(row -> (Long) row.getField("event_id")).sum();
    assertThat(sql.one("SELECT COUNT(*) FROM lambda_events").getField(0)).isEqualTo(rows);
    assertThat(sql.one("SELECT COUNT(*), COUNT(batch_number), SUM(event_id)" + AGGREGATED))
        .isEqualTo(Row.of(rows, rows, sum));
    assertThat(
            sql.one(
                "SELECT COUNT(insert_id), COUNT(DISTINCT insert_id), COUNT(DISTINCT amplitude_id),"
                    + " SUM(event_id), COUNT(batch_number), COUNT(upload_time) FROM lambda_events"))
        .isEqualTo(Row.of(rows, rows, users, sum, rows, rows));
    for (long batch : admitted.stream().map(LambdaQueryITCase::batch).distinct().toList()) {
      assertThat(
              sql.one(
                      "SELECT COUNT(event_type) FROM lambda_events WHERE batch_number = "
                          + batch
                          + " AND app = 1000")
                  .getField(0))
          .isEqualTo(of(batch).stream().filter(row -> row.getField("app").equals(1000L)).count());
    }
  }

  @Test
  @Timeout(300)
  void everyAnswerIsTheSameThroughCloseCompletionRemovalWithdrawAndCompletion() {
    admit("2026-11-20T22:00:00Z", 300);
    admit("2026-11-21T00:00:00Z", 200);
    assertAllOnce();
    job.seal();
    job.commit();
    job.merge();
    job.seeTable();
    assertAllOnce();
    batches = TestBatchLayer.create(job.location());
    assertAllOnce();
    batches.write(DAY_1, of(DAY_1));
    assertAllOnce();
    job.complete(DAY_1);
    assertAllOnce();
    admit("2026-11-21T01:00:00Z", 100);
    assertAllOnce();
    job.complete(DAY_1 - 1);
    assertAllOnce();
    batches.write(DAY_1, of(DAY_1));
    job.complete(DAY_1);
    assertAllOnce();
    job.remove(DAY_1);
    assertAllOnce();
    job.seal();
    batches.write(DAY_2, of(DAY_2));
    assertAllOnce();
    job.complete(DAY_2);
    assertAllOnce();
    assertThat(job.leases()).isZero();
  }

  /** The oracle is one row: the events do not change while they move. */
  @Test
  @Timeout(300)
  void everyAnswerOfALoopIsTheSameWhileDaysMove() throws Exception {
    admit("2026-11-20T22:00:00Z", 300);
    admit("2026-11-21T00:00:00Z", 200);
    batches = TestBatchLayer.create(job.location());
    Row expected =
        Row.of(
            500L, 500L, admitted.stream().mapToLong(row -> (Long) row.getField("event_id")).sum());
    AtomicBoolean moved = new AtomicBoolean();
    CompletableFuture<Integer> loop =
        CompletableFuture.supplyAsync(() -> queryUntil(moved, expected));
    try {
      moveDays(loop);
    } finally {
      moved.set(true);
    }
    assertThat(loop.get()).isPositive();
    assertThat(job.leases()).isZero();
  }

  private int queryUntil(AtomicBoolean moved, Row expected) {
    EmbeddedSql session =
        EmbeddedSql.batch(
            job.location(), OPTIONS.replace("'live.wait' = '1 s'", "'live.wait' = '30 s'"));
    int answers = 0;
    while (!moved.get()) {
      assertThat(
              session.one(
                  "SELECT COUNT(insert_id), COUNT(DISTINCT insert_id), SUM(event_id) FROM"
                      + " lambda_events"))
          .isEqualTo(expected);
      assertThat(session.one("SELECT COUNT(*), COUNT(insert_id), SUM(event_id)" + AGGREGATED))
          .isEqualTo(expected);
      answers += 2;
    }
    return answers;
  }

  private void moveDays(CompletableFuture<Integer> loop) throws Exception {
    for (long day = DAY_1; day <= DAY_2; day++) {
      job.closeUpTo(day, "nova");
      for (int round = 0; round < 5 && !loop.isDone(); round++) {
        batches.write(day, of(day));
        job.completeClosed(day, Instant.now());
        Thread.sleep(700);
        batches.write(day, of(day));
        Thread.sleep(700);
        job.withdraw(day, Instant.now());
        Thread.sleep(700);
      }
      job.completeClosed(day, Instant.now());
      job.removeCompleted(Instant.now());
      Thread.sleep(700);
    }
  }

  private void handOver() {
    admit("2026-11-20T22:00:00Z", 300);
    admit("2026-11-21T00:00:00Z", 200);
    batches = TestBatchLayer.create(job.location());
    batches.write(DAY_1, of(DAY_1));
    job.complete(DAY_1);
  }

  @Test
  void everyColumnOfACompletedBatchIsThatOfTheBatchLayer() {
    admit("2026-11-20T22:00:00Z", 100);
    String columns =
        IcebergWarehouse.sqlColumns().stream()
            .filter(column -> !column.matches("shard|kafka_.*"))
            .map(column -> "`" + column + "`")
            .collect(Collectors.joining(", "));
    String select = "SELECT " + columns + " FROM lambda_events";
    List<String> before = sql.query(select).stream().map(Row::toString).sorted().toList();
    TestBatchLayer.create(job.location()).write(DAY_1, of(DAY_1));
    job.complete(DAY_1);
    List<String> after = sql.query(select).stream().map(Row::toString).sorted().toList();
    assertThat(after).hasSize(100).isEqualTo(before);
  }

  @Test
  void filtersAndPlacesThatTheBatchLayerLacksAreNull() {
    handOver();
    Row counts =
        sql.one(
            "SELECT COUNT(*), COUNT(shard), COUNT(kafka_topic), COUNT(kafka_partition),"
                + " COUNT(kafka_offset) FROM lambda_events");
    assertThat(counts).isEqualTo(Row.of(500L, 200L, 200L, 200L, 200L));
    assertThat(sql.one("SELECT COUNT(*) FROM lambda_events WHERE kafka_offset IS NULL").getField(0))
        .isEqualTo(300L);
    assertThat(sql.one("SELECT COUNT(*) FROM lambda_events WHERE kafka_offset >= 0").getField(0))
        .isEqualTo(200L);
    assertThat(sql.query("SELECT insert_id FROM lambda_events LIMIT 400")).hasSize(400);
    assertThat(
            sql.one(
                    "SELECT COUNT(*) FROM lambda_events WHERE upload_time >="
                        + " TIMESTAMP '2026-11-21 00:00:00'")
                .getField(0))
        .isEqualTo(200L);
    assertThat(CapturedMetrics.sum("nova.filesSkipped") + CapturedMetrics.sum("nova.filesRead"))
        .isLessThanOrEqualTo(1);
    assertThat(sql.query("DESCRIBE lambda_events"))
        .hasSameSizeAs(sql.query("DESCRIBE events"))
        .extracting(row -> row.getField(0))
        .isEqualTo(sql.query("DESCRIBE events").stream().map(row -> row.getField(0)).toList());
  }

  @Test
  void theMetricsOfAQueryAreThoseOfTheList() {
    handOver();
    sql.query("SELECT insert_id FROM events");
    assertThat(CapturedMetrics.pathsOfNova())
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(NovaMetric.values())
                .filter(metric -> metric.place().ofQuery())
                .map(NovaMetric::path)
                .toList());
  }

  @Test
  void bothTablesInOneQueryReadOneCut() {
    handOver();
    assertThat(
            sql.one(
                "SELECT (SELECT COUNT(insert_id) FROM events), (SELECT COUNT(insert_id) FROM"
                    + " lambda_events), (SELECT COUNT(insert_id) FROM lambda_events WHERE insert_id"
                    + " NOT IN (SELECT insert_id FROM events WHERE insert_id IS NOT NULL))"))
        .isEqualTo(Row.of(200L, 500L, 300L));
    assertThat(job.leases()).isZero();
  }

  @Test
  void correctionAfterCompletionShowsInTheNextQueryButNotInARepeatedOne() {
    handOver();
    job.seal();
    job.commit();
    job.seeTable();
    String token =
        sql.one("SELECT MAX(read_token) FROM lambda_events WHERE app >= 0").getField(0).toString();
    assertThat(token).contains("\"completed\":20777,\"batchSnapshot\":");
    batches.write(DAY_1, of(DAY_1).subList(0, 299));
    assertThat(sql.one("SELECT COUNT(insert_id) FROM lambda_events").getField(0)).isEqualTo(499L);
    String again = "SELECT COUNT(insert_id) FROM lambda_events /*+ OPTIONS('%s' = '%s') */";
    assertThat(sql.one(again.formatted("as-of", token)).getField(0)).isEqualTo(500L);
    assertThatThrownBy(() -> sql.one(again.formatted("snapshot-id", 7)))
        .hasStackTraceContaining("lambda_events reads two tables");
    String ofEvents =
        sql.one("SELECT MAX(read_token) FROM events WHERE app >= 0").getField(0).toString();
    assertThatThrownBy(() -> sql.one(again.formatted("as-of", ofEvents)))
        .hasStackTraceContaining("names no snapshot of nova.batch_events");
  }

  @Test
  void tableThatDoesNotFitIsRefusedWithTheReason() {
    admit("2026-11-20T22:00:00Z", 10);
    job.complete(DAY_1);
    assertThatThrownBy(() -> sql.one("SELECT COUNT(*) FROM lambda_events"))
        .hasStackTraceContaining("nova.batch_events: it is missing or was never written");
    Schema few = IcebergWarehouse.SCHEMA.select("batch_number", "app", "event_type");
    TestBatchLayer.create(
        job.location(), few, PartitionSpec.builderFor(few).identity("batch_number").build());
    assertThatThrownBy(() -> sql.one("SELECT COUNT(*) FROM lambda_events"))
        .hasStackTraceContaining("it lacks these columns of nova.events")
        .hasStackTraceContaining("insert_id string");
  }

  @Test
  @Timeout(120)
  void followingQueryBeginsWithTheBatchLayersRowsAndShowsEachEventOnce() throws Exception {
    handOver();
    job.checkpoint();
    job.notifyCheckpoint(0);
    job.notifyCheckpoint(1);
    ArrayList<Object> found = new ArrayList<>();
    try (CloseableIterator<Row> result =
        EmbeddedSql.streaming(job.location())
            .tables()
            .executeSql(
                "SELECT insert_id FROM lambda_events /*+ OPTIONS('scan.mode' = 'follow', 'read' ="
                    + " 'live', 'scan.check-interval' = '50 ms', 'live.token' = 'a token') */")
            .collect()) {
      while (found.size() < 500) {
        found.add(result.next().getField(0));
      }
      job.complete(DAY_2);
      admit("2026-11-21T02:00:00Z", 10);
      job.checkpoint();
      job.notifyCheckpoint(0);
      job.notifyCheckpoint(1);
      while (found.size() < 510) {
        found.add(result.next().getField(0));
      }
    }
    assertThat(found)
        .containsExactlyInAnyOrderElementsOf(
            admitted.stream().map(row -> row.getField("insert_id")).toList());
  }
}
