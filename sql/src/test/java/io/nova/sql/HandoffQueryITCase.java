package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Queries of {@code events} while batches are completed, removed and withdrawn. */
class HandoffQueryITCase extends JobQueries {
  private static final long DAY_1 = 20_777;
  private static final long DAY_2 = 20_778;

  HandoffQueryITCase() {
    super(17);
  }

  private long after(long completed) {
    return admitted.stream().filter(row -> (Long) row.getField("batch_number") > completed).count();
  }

  private void assertOnlyAbove(long completed) {
    long rows = after(completed);
    assertThat(sql.one("SELECT COUNT(*) FROM events").getField(0)).isEqualTo(rows);
    assertThat(
            sql.one(
                "SELECT COUNT(insert_id), COUNT(DISTINCT insert_id), MIN(batch_number) > "
                    + completed
                    + " FROM events"))
        .isEqualTo(Row.of(rows, rows, rows == 0 ? null : true));
  }

  private long committed(String options) {
    return (Long)
        sql.one("SELECT COUNT(insert_id) FROM events /*+ OPTIONS(%s) */".formatted(options))
            .getField(0);
  }

  @Test
  void completedBatchLeavesTheAnswerWhereverItsRowsAre() {
    admit("2026-11-20T23:30:00Z", 300);
    admit("2026-11-21T00:00:00Z", 200);
    assertOnlyAbove(DAY_1 - 1);
    job.complete(DAY_1);
    assertOnlyAbove(DAY_1);
    job.seal();
    assertOnlyAbove(DAY_1);
    job.commit();
    assertOnlyAbove(DAY_1);
    assertThat(committed("'read' = 'committed'")).isEqualTo(after(DAY_1));
    job.seeTable();
    job.merge();
    assertOnlyAbove(DAY_1);
    job.complete(DAY_1 - 1);
    assertOnlyAbove(DAY_1 - 1);
    job.complete(DAY_1);
    job.remove(DAY_1);
    assertOnlyAbove(DAY_1);
    job.complete(DAY_2);
    assertOnlyAbove(DAY_2);
    assertThat(job.leases()).isZero();
  }

  @Test
  void readTokenRepeatsTheHorizonAndANamedSnapshotHasNone() {
    admit("2026-11-20T23:30:00Z", 300);
    admit("2026-11-21T00:00:00Z", 200);
    job.seal();
    job.commit();
    job.seeTable();
    String before = token();
    job.complete(DAY_1);
    String after = token();
    long snapshot = job.iceberg().currentSnapshot().snapshotId();

    assertThat(committed("'as-of' = '%s'".formatted(before))).isEqualTo(500);
    assertThat(committed("'as-of' = '%s'".formatted(after))).isEqualTo(after(DAY_1));
    assertThat(committed("'snapshot-id' = '%s'".formatted(snapshot))).isEqualTo(500);
    assertThatThrownBy(() -> committed("'as-of' = '%s'".formatted(after.replace("1,", "9,"))))
        .hasStackTraceContaining("Option 'as-of'");
  }

  private String token() {
    return sql.one("SELECT DISTINCT read_token FROM events WHERE app >= 0").getField(0).toString();
  }

  @Test
  void systemTablesShowWhatIsStillThere() {
    admit("2026-11-20T22:00:00Z", 300);
    admit("2026-11-21T00:00:00Z", 200);
    job.seal();
    job.commit();
    job.merge();
    job.seeTable();
    admit("2026-11-20T22:00:00Z", 30);
    admit("2026-11-21T00:00:00Z", 20);
    job.complete(DAY_1);
    for (String table : List.of("chunks", "blocks")) {
      assertThat(
              sql.query(
                  "SELECT completed, batch_number, SUM(row_count) FROM %s GROUP BY completed, batch_number"
                      .formatted(table)))
          .containsExactlyInAnyOrderElementsOf(
              table.equals("chunks")
                  ? List.of(Row.of(true, DAY_1, 300L), Row.of(false, DAY_2, 200L))
                  : List.of(Row.of(true, DAY_1, 30L), Row.of(false, DAY_2, 20L)));
    }
  }

  private static List<Long> take(CloseableIterator<Row> result, int count) {
    ArrayList<Long> offsets = new ArrayList<>();
    while (offsets.size() < count && result.hasNext()) {
      offsets.add((Long) result.next().getField(0));
    }
    return offsets;
  }

  private static List<Long> offsets(List<Record> rows) {
    return rows.stream().map(row -> (Long) row.getField("kafka_offset")).toList();
  }

  private void checkpoint() {
    job.checkpoint();
    job.notifyCheckpoint(0);
    job.notifyCheckpoint(1);
  }

  @Test
  @Timeout(120)
  void followingQueryBeginsAboveTheHorizonAndIgnoresItFromThenOn() throws Exception {
    for (String read : List.of("live", "committed")) {
      admitted.clear();
      try (TestJob followed = new TestJob(folder.resolve(read))) {
        job = followed;
        follows(read);
      }
    }
  }

  private void follows(String read) throws Exception {
    admit("2026-11-20T22:00:00Z", 30);
    job.seal();
    checkpoint();
    job.seeTable();
    job.complete(DAY_1);
    admit("2026-11-20T22:00:00Z", 7);
    admit("2026-11-21T00:00:00Z", 20);
    List<Record> late = admitted.subList(30, 37);
    EmbeddedSql streaming = EmbeddedSql.streaming(job.location());
    checkpoint();
    try (CloseableIterator<Row> result =
        streaming
            .tables()
            .executeSql(
                "SELECT kafka_offset FROM events /*+ OPTIONS('scan.mode' = 'follow', 'read' = '"
                    + read
                    + "', 'scan.check-interval' = '50 ms', 'live.token' = 'a token') */")
            .collect()) {
      job.seal();
      checkpoint();
      assertThat(take(result, 20)).hasSize(20).doesNotContainAnyElementsOf(offsets(late));
      job.seeTable();
      admit("2026-11-21T00:30:00Z", 10);
      job.complete(DAY_2);
      job.seal();
      checkpoint();
      assertThat(take(result, 10)).containsExactlyInAnyOrderElementsOf(newest(10));
    }
  }

  private List<Long> newest(int count) {
    return offsets(admitted.subList(admitted.size() - count, admitted.size()));
  }

  @Test
  void rowsAreThoseOfPlainLists() {
    admit("2026-11-20T23:59:00Z", 500);
    job.seal();
    admit("2026-11-20T23:59:00Z", 200);
    job.complete(DAY_1);
    List<Long> expected =
        admitted.stream()
            .filter(
                row -> !TestEvents.uploadTime(row).isBefore(Instant.parse("2026-11-21T00:00:00Z")))
            .map(row -> (Long) row.getField("kafka_offset"))
            .sorted()
            .toList();
    assertThat(sql.query("SELECT kafka_offset FROM events ORDER BY kafka_offset"))
        .extracting(row -> (Long) row.getField(0))
        .isEqualTo(expected);
  }
}
