package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.flink.types.Row;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;

/** {@code FOR SYSTEM_TIME AS OF} against the rows that were committed at that time. */
class TimeTravelITCase extends JobQueries {
  private static final long DAY_1 = 20_777;
  private static final DateTimeFormatter SQL_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS").withZone(ZoneOffset.UTC);

  TimeTravelITCase() {
    super(23);
  }

  /** A time after all that has happened and before all that will. */
  private static Instant pause() throws InterruptedException {
    Thread.sleep(20);
    Instant now = Instant.now();
    Thread.sleep(20);
    return now;
  }

  private void commit() {
    job.seal();
    job.commit();
    job.seeTable();
  }

  private List<Row> inserts(String table, Instant time) {
    return sql.query(
        "SELECT insert_id FROM %s FOR SYSTEM_TIME AS OF TIMESTAMP '%s' ORDER BY insert_id"
            .formatted(table, SQL_TIME.format(time)));
  }

  private List<Row> expected(int admittedBefore, Predicate<Record> which) {
    return admitted.subList(0, admittedBefore).stream()
        .filter(which)
        .map(row -> row.getField("insert_id").toString())
        .sorted()
        .map(id -> Row.of(id))
        .toList();
  }

  private static boolean isDay2(Record row) {
    return (Long) row.getField("batch_number") > DAY_1;
  }

  private static boolean any(Record row) {
    return true;
  }

  @Test
  void rowsAreThoseOfTheSnapshotThatWasCurrent() throws Exception {
    Instant before = pause();
    admit("2026-11-20T22:00:00Z", 300);
    commit();
    Instant first = pause();
    admit("2026-11-21T00:00:00Z", 200);
    Instant open = pause();
    commit();
    job.merge();
    Instant second = pause();
    admit("2026-11-21T01:00:00Z", 50);

    assertThat(inserts("events", first)).isEqualTo(expected(300, TimeTravelITCase::any));
    assertThat(inserts("events", open)).isEqualTo(expected(300, TimeTravelITCase::any));
    assertThat(inserts("events", second)).isEqualTo(expected(500, TimeTravelITCase::any));
    assertThatThrownBy(() -> inserts("events", before.minusSeconds(3_600)))
        .hasStackTraceContaining("retains no snapshot of that time");
    assertThatThrownBy(() -> inserts("events", second.plusSeconds(3_600)))
        .hasStackTraceContaining("which is not over");
    assertThatThrownBy(
            () ->
                sql.query(
                    "SELECT file FROM chunks FOR SYSTEM_TIME AS OF TIMESTAMP '%s'"
                        .formatted(SQL_TIME.format(second))))
        .hasStackTraceContaining("found table chunks, which has no past");
  }

  @Test
  void completedBatchesAreThoseOfThatTime() throws Exception {
    admit("2026-11-20T22:00:00Z", 300);
    admit("2026-11-21T00:00:00Z", 200);
    TestBatchLayer batches = TestBatchLayer.create(job.location());
    commit();
    batches.write(
        DAY_1, admitted.stream().filter(row -> !isDay2(row)).limit(299).toList()); // one is missing
    job.closeUpTo(DAY_1, "nova");
    Instant closed = pause();
    job.completeClosed(DAY_1, Instant.now());
    Instant completed = pause();
    job.withdraw(DAY_1, Instant.now());
    Instant withdrawn = pause();

    assertThat(inserts("events", closed)).isEqualTo(expected(500, TimeTravelITCase::any));
    assertThat(inserts("events", completed)).isEqualTo(expected(500, TimeTravelITCase::isDay2));
    assertThat(inserts("events", withdrawn)).isEqualTo(expected(500, TimeTravelITCase::any));
    assertThat(inserts("lambda_events", closed)).hasSize(500);
    assertThat(inserts("lambda_events", completed)).hasSize(499);
    assertThat(inserts("lambda_events", withdrawn)).hasSize(500);
  }

  @Test
  void removedBatchIsThereInItsPast() throws Exception {
    admit("2026-11-20T22:00:00Z", 300);
    admit("2026-11-21T00:00:00Z", 200);
    commit();
    Instant before = pause();
    job.closeUpTo(DAY_1, "nova");
    job.completeClosed(DAY_1, Instant.now());
    job.removeCompleted(Instant.now());
    Instant after = pause();
    assertThat(inserts("events", before)).isEqualTo(expected(500, TimeTravelITCase::any));
    assertThat(inserts("events", after)).isEqualTo(expected(500, TimeTravelITCase::isDay2));
  }

  @Test
  void snapshotsAreThoseOfIceberg() {
    admit("2026-11-20T22:00:00Z", 300);
    commit();
    job.merge();
    List<Row> rows =
        sql.query("SELECT snapshot_id, parent_id, operation, row_count FROM snapshots");
    List<Row> expected = new ArrayList<>();
    job.iceberg()
        .snapshots()
        .forEach(
            one ->
                expected.add(
                    Row.of(
                        one.snapshotId(),
                        one.parentId(),
                        one.operation(),
                        Long.valueOf(one.summary().get("total-records")))));
    assertThat(rows).isEqualTo(expected);
    assertThat(
            sql.query("SELECT snapshot_id, parent_id, operation, row_count FROM events$snapshots"))
        .isEqualTo(expected);
  }
}
