package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.live.protocol.SubtaskView.Behind;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.types.Row;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Live queries while events move from open blocks through block files to chunks. */
class LiveQueryITCase extends JobQueries {
  private static final String SUMMARY =
      "SELECT COUNT(*), COUNT(DISTINCT insert_id), SUM(kafka_offset), COUNT(event_properties),"
          + " COUNT(batch_number) FROM events";

  private static final String AGGREGATED =
      "SELECT COUNT(*), COUNT(insert_id), SUM(kafka_offset)"
          + " FROM events /*+ OPTIONS('scan.aggregates' = 'true') */ WHERE app >= 0";

  LiveQueryITCase() {
    super(11);
  }

  private void assertEachEventOnce() {
    long offsets = admitted.stream().mapToLong(row -> (Long) row.getField("kafka_offset")).sum();
    long rows = admitted.size();
    assertThat(sql.one(SUMMARY)).isEqualTo(Row.of(rows, rows, offsets, rows, rows));
    assertThat(sql.one("SELECT COUNT(*) FROM events").getField(0)).isEqualTo(rows);
    assertThat(sql.one(AGGREGATED)).isEqualTo(Row.of(rows, rows, offsets));
  }

  @Test
  void eachEventIsThereOnceWhereverItIs() {
    admit("2026-11-20T23:30:00Z", 2_000);
    assertEachEventOnce();
    job.seal();
    assertEachEventOnce();
    admit("2026-11-20T23:30:00Z", 500);
    assertEachEventOnce();
    job.commit();
    assertEachEventOnce();
    job.seeTable();
    assertEachEventOnce();
    job.merge();
    admit("2026-11-21T00:30:00Z", 300);
    assertEachEventOnce();
    assertThat(job.leases()).isZero();
    assertThat(committed("SELECT COUNT(*) FROM events").getField(0)).isEqualTo(2_000L);
  }

  private Row committed(String select) {
    return sql.one(
        select.replace("FROM events", "FROM events /*+ OPTIONS('read' = 'committed') */"));
  }

  @Test
  void everyColumnOfAnOpenBlockIsWhatWasAdmitted() {
    admit("2026-11-20T10:00:00Z", 200);
    String columns =
        IcebergWarehouse.sqlColumns().stream()
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(", "));
    String select = "SELECT " + columns + " FROM events";
    List<String> open = sql.query(select).stream().map(Row::toString).sorted().toList();
    job.seal();
    job.commit();
    List<String> stored = committedRows(select).stream().map(Row::toString).sorted().toList();
    assertThat(open).hasSize(200).isEqualTo(stored);
  }

  private List<Row> committedRows(String select) {
    return sql.query(
        select.replace("FROM events", "FROM events /*+ OPTIONS('read' = 'committed') */"));
  }

  @Test
  void filtersAreAppliedAtTheServerSoThatOnlyWantedRowsTravel() {
    admit("2026-11-20T10:00:00Z", 3_000);
    for (String where :
        List.of(
            "event_type = 'Purchase'",
            "app = 1000 AND event_type IN ('Search', 'Checkout')",
            "`user` = '17'",
            "upload_time >= '2026-11-20 10:30:00' AND upload_time < '2026-11-20 10:40:00'",
            "event_time < '2026-11-20 10:20:00.5'",
            "paying",
            "session_id < 0",
            "batch_number = 20777 AND kafka_offset < 100")) {
      List<Row> found = sql.query("SELECT insert_id, app FROM events WHERE " + where);
      long travelled = sql.cost().rows();
      assertThat(travelled).as(where).isEqualTo(found.size()).isPositive().isLessThan(3_000L);
      admittedAgree(where, found.size());
    }
  }

  /** The same rows, counted after they are in the table. */
  private void admittedAgree(String where, int live) {
    try (TestJob other = new TestJob(folder.resolve("other" + where.hashCode()))) {
      other.admit(admitted);
      other.seal();
      other.commit();
      EmbeddedSql stored = EmbeddedSql.batch(other.location());
      assertThat(stored.query("SELECT insert_id FROM events WHERE " + where)).hasSize(live);
    }
  }

  @Test
  void edgeValuesAreFilteredAsInFiles() {
    for (String text : Arrays.asList(null, "", "old", "\u0000 Zürich 東京 \uD83D\uDE00")) {
      Record row = TestEvents.blank(Instant.parse("2026-11-20T10:00:00Z"));
      row.setField("insert_id", text);
      row.setField("city", text);
      row.setField("session_id", text == null ? null : Long.MIN_VALUE + text.length());
      row.setField("location_lat", text == null ? null : text.isEmpty() ? -0.0 : 0.0);
      row.setField("paying", text == null ? null : text.equals("old"));
      Instant time =
          Instant.parse(text == null ? "1903-07-09T01:02:03.000001Z" : "2150-01-01T00:00:00Z");
      row.setField("event_time", time.atOffset(ZoneOffset.UTC));
      job.admit(List.of(row));
    }
    String counts =
        Stream.of(
                "insert_id IS NULL",
                "insert_id IS NOT NULL",
                "city = ''",
                "city LIKE '%東京%'",
                "city > 'A' OR insert_id IS NULL",
                "insert_id <> 'old'",
                "event_time < '1970-01-01 00:00:00'",
                "event_time = '1903-07-09 01:02:03.000001'",
                "session_id < 0",
                "session_id = -9223372036854775808",
                "location_lat = 0",
                "paying",
                "NOT paying",
                "paying IS NULL",
                "kafka_offset = -1")
            .map(where -> "(SELECT COUNT(*) FROM events WHERE " + where + ")")
            .collect(Collectors.joining(", ", "SELECT ", ""));
    Row open = sql.one(counts);
    assertThat(open).isEqualTo(Row.of(1L, 3L, 1L, 1L, 2L, 2L, 1L, 1L, 3L, 1L, 3L, 1L, 2L, 1L, 4L));
    job.seal();
    job.commit();
    assertThat(committed(counts)).isEqualTo(open);
  }

  @Test
  void aRowLargerThanABatchOfTheAnswerNeedsTheSettingThatTheRunbookNames() {
    Record row = TestEvents.blank(Instant.parse("2026-11-20T10:00:00Z"));
    row.setField("event_properties", "{\"text\": \"" + "x".repeat(3_000_000) + "\"}");
    job.admit(List.of(row));
    assertThatThrownBy(() -> sql.query("SELECT event_properties FROM events"))
        .hasStackTraceContaining("collect-sink.batch-size.max");

    sql.tables().getConfig().set("collect-sink.batch-size.max", "8mb");
    assertThat(sql.query("SELECT event_properties FROM events")).hasSize(1);
  }

  @Test
  void limitStopsEarly() {
    admit("2026-11-20T10:00:00Z", 3_000);
    assertThat(sql.query("SELECT * FROM events LIMIT 3")).hasSize(3);
    assertThat(sql.cost().rows()).isLessThanOrEqualTo(6);
  }

  @Test
  void uploadTimeThatNoOpenBlockCoversAsksNoServer() {
    admit("2026-11-20T10:00:00Z", 100);
    List<Row> found =
        sql.query("SELECT insert_id FROM events WHERE upload_time < '2026-11-20 09:00:00'");
    assertThat(found).isEmpty();
    assertThat(CapturedMetrics.sum("nova.viewsRead")).isZero();
  }

  @Test
  void allScansOfOneQueryReadTheSameCut() {
    admit("2026-11-20T10:00:00Z", 500);
    Row found =
        sql.one(
            "SELECT (SELECT COUNT(DISTINCT read_token) FROM (SELECT read_token FROM events WHERE"
                + " app = 1000 UNION ALL SELECT read_token FROM events WHERE app = 1001)),"
                + " (SELECT COUNT(insert_id) FROM events)");
    assertThat(found).isEqualTo(Row.of(1L, 500L));
    assertThat(job.leases()).isZero();
  }

  @Test
  @Timeout(120)
  void strictQueryNamesWhoDoesNotAnswerAndAvailableOneSaysWhatItLacks() {
    admit("2026-11-20T10:00:00Z", 1_000);
    job.kill(1);
    sql.tables().getConfig().set("restart-strategy.type", "exponential-delay");
    assertThatThrownBy(() -> sql.one("SELECT COUNT(insert_id) FROM events"))
        .hasStackTraceContaining("key groups 2-3: Live view of subtask 1 at 127.0.0.1")
        .hasStackTraceContaining("'completeness' = 'available'");
    long there = admitted.stream().filter(row -> (Integer) row.getField("shard") % 4 < 2).count();
    String select =
        "SELECT COUNT(insert_id), MAX(read_token) FROM events"
            + " /*+ OPTIONS('completeness' = 'available') */";
    Row found = sql.one(select);
    assertThat(found.getField(0)).isEqualTo(there);
    assertThat(found.getField(1).toString()).contains("key groups 2-3");
    assertThat(CapturedMetrics.valuesByJob("nova.keyGroupsMissing"))
        .allSatisfy(value -> assertThat(value).endsWith(":2"));
  }

  @Test
  void wrongTokenIsSaid() {
    EmbeddedSql stranger =
        EmbeddedSql.batch(job.location(), ", 'read' = 'live', 'live.wait' = '0 s'");
    assertThatThrownBy(() -> stranger.one("SELECT COUNT(insert_id) FROM events"))
        .hasStackTraceContaining("key groups 0-1: Live view of subtask 0")
        .hasStackTraceContaining("token");
  }

  @Test
  void tokenOfTheAnnouncementNeedsNoOption(@TempDir Path other) {
    try (TestJob open = new TestJob(other, TestJob.TOKEN)) {
      open.admit(events.uploaded("2026-11-20T10:00:00Z", 1, 50));
      EmbeddedSql anybody =
          EmbeddedSql.batch(open.location(), ", 'read' = 'live', 'live.wait' = '0 s'");
      assertThat(anybody.one("SELECT COUNT(insert_id) FROM events").getField(0)).isEqualTo(50L);
    }
  }

  @Test
  void catchingUpIsSaid() {
    admit("2026-11-20T10:00:00Z", 10);
    job.fallBehind(List.of(new Behind(2, 10, 30)));
    assertThatThrownBy(() -> sql.one("SELECT COUNT(insert_id) FROM events"))
        .hasStackTraceContaining("catching up: partition 2 read to offset 10, served to 30");
    job.fallBehind(List.of());
    assertEachEventOnce();
  }

  @Test
  void tableWithoutAJobSaysWhatToDo(@TempDir Path other) throws Exception {
    IcebergWarehouse warehouse = new IcebergWarehouse(other);
    warehouse.appendBlockFile(events.uploaded("2026-11-20T10:00:00Z", 1, 10));
    EmbeddedSql live =
        EmbeddedSql.batch(warehouse.location(), ", 'read' = 'live', 'live.wait' = '0 s'");
    assertThatThrownBy(() -> live.one("SELECT COUNT(insert_id) FROM events"))
        .hasStackTraceContaining("no snapshot of a running job")
        .hasStackTraceContaining("'read' = 'committed'");
  }

  @Test
  void readTokenRepeatsTheCommittedPartOfAQuery() {
    admit("2026-11-20T10:00:00Z", 400);
    job.seal();
    job.commit();
    job.seeTable();
    admit("2026-11-20T11:00:00Z", 70);
    String token =
        sql.one("SELECT DISTINCT read_token FROM events WHERE app >= 0").getField(0).toString();
    assertThat(token).contains(Long.toString(job.iceberg().currentSnapshot().snapshotId()));
    job.seal();
    job.commit();
    job.seeTable();
    String again = "SELECT COUNT(insert_id) FROM events /*+ OPTIONS('as-of' = '%s') */";
    assertThat(sql.one(again.formatted(token)).getField(0)).isEqualTo(400L);
    Snapshot snapshot = job.iceberg().currentSnapshot();
    job.iceberg().expireSnapshots().expireOlderThan(snapshot.timestampMillis() + 1).commit();
    assertThatThrownBy(() -> sql.one(again.formatted(token)))
        .hasStackTraceContaining("is gone")
        .hasStackTraceContaining("cannot be repeated");
    assertThatThrownBy(() -> sql.one(again.formatted("nonsense")))
        .hasStackTraceContaining("Option 'as-of': expected a value of the column read_token");
  }

  @Test
  void systemTablesTellWhereEventsAre() {
    admit("2026-11-20T10:00:00Z", 400);
    job.seal();
    job.commit();
    job.seeTable();
    job.merge();
    admit("2026-11-20T11:00:00Z", 70);
    job.seal();
    job.commit();
    job.seeTable();
    admit("2026-11-20T12:00:00Z", 50);
    job.seal();
    admit("2026-11-20T13:00:00Z", 30);
    List<Row> states = sql.query("SELECT state, SUM(row_count) FROM blocks GROUP BY state");
    assertThat(states)
        .containsExactlyInAnyOrder(
            Row.of("open", 30L), Row.of("sealed", 50L), Row.of("block_file", 70L));
    assertThat(sql.query("SELECT interval_start FROM blocks"))
        .extracting(row -> ((Instant) row.getField(0)).getEpochSecond() % 300)
        .containsOnly(0L);
    Row chunk =
        sql.one("SELECT SUM(row_count), MIN(batch_number), MIN(min_upload_time) FROM chunks");
    assertThat(chunk.getField(0)).isEqualTo(400L);
    assertThat(chunk.getField(1)).isEqualTo(20_777L);
    assertThat((Instant) chunk.getField(2))
        .isBetween(Instant.parse("2026-11-20T10:00:00Z"), Instant.parse("2026-11-20T10:05:00Z"));
    assertThat(
            sql.one(
                "SELECT MIN(interval_start), COUNT(DISTINCT shard) FROM blocks"
                    + " WHERE state = 'open'"))
        .satisfies(row -> assertThat(row.getField(1)).isEqualTo(4L));
    Row fresh =
        sql.one(
            "SELECT SUM(live_rows), SUM(sealed_blocks) > 0, MAX(newest_upload_time),"
                + " COUNT(DISTINCT kafka_partition) FROM `freshness`");
    assertThat(fresh).isEqualTo(Row.of(30L, true, Instant.ofEpochSecond(1), 1L));
    assertThat(job.leases()).isZero();
  }
}
