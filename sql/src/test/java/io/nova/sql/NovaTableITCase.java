package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.types.Row;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Queries of two days of chunks and one morning of block files, compared with other readers. */
class NovaTableITCase {
  private static final String SUMMARY =
      "SELECT COUNT(*), COUNT(DISTINCT CONCAT(CAST(app AS VARCHAR), device_id, insert_id)),"
          + " SUM(event_id), SUM(kafka_offset), SUM(session_id) FROM events";

  @TempDir static Path folder;

  private static IcebergWarehouse warehouse;
  private static EmbeddedSql sql;
  private static List<Record> all;

  @BeforeAll
  static void fill() {
    warehouse = new IcebergWarehouse(folder);
    TestEvents events = new TestEvents(42);
    for (String hour : List.of("00", "06", "12", "18")) {
      warehouse.appendChunk(events.uploaded("2026-11-19T" + hour + ":00:00Z", 6, 10_000));
    }
    warehouse.appendChunk(events.uploaded("2026-11-20T00:00:00Z", 4, 10_000));
    warehouse.appendChunk(events.uploaded("2026-11-20T04:00:00Z", 4, 10_000));
    for (String hour : List.of("08", "09", "10")) {
      warehouse.appendBlockFile(events.uploaded("2026-11-20T" + hour + ":00:00Z", 1, 1_000));
    }
    all = warehouse.readByIceberg();
    sql = EmbeddedSql.batch(warehouse.location());
  }

  @Test
  void chunksAnswerLikeDuckDb() throws Exception {
    String files =
        warehouse.chunkPaths().stream()
            .collect(Collectors.joining("','", "read_parquet(['", "'])"));
    ArrayList<Long> expected = new ArrayList<>();
    try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = duck.createStatement();
        ResultSet result =
            statement.executeQuery(SUMMARY.replace("FROM events", "FROM " + files))) {
      result.next();
      for (int i = 1; i <= 5; i++) {
        expected.add(result.getLong(i));
      }
    }
    Row found = sql.one(SUMMARY + " WHERE source_file LIKE '%.parquet'");
    assertThat(longs(found)).isEqualTo(expected);
    assertThat(expected.get(0)).isEqualTo(60_000);
  }

  @Test
  void wholeTableAnswersLikeIcebergsOwnReader() {
    List<Long> expected =
        List.of(
            (long) all.size(),
            all.stream()
                .map(row -> "" + row.getField("app") + row.getField("device_id") + id(row))
                .distinct()
                .count(),
            sum("event_id"),
            sum("kafka_offset"),
            sum("session_id"));
    assertThat(longs(sql.one(SUMMARY))).isEqualTo(expected);
  }

  @Test
  void everyColumnOfEveryRowIsWhatWasWritten() {
    List<String> expected = all.stream().map(row -> id(row) + cells(row)).sorted().toList();
    String columns =
        IcebergWarehouse.sqlColumns().stream()
            .map(name -> "`" + name + "`")
            .collect(Collectors.joining(", "));
    List<Row> found = sql.query("SELECT insert_id, " + columns + " FROM events");
    assertThat(found.stream().map(NovaTableITCase::cells).sorted().toList()).isEqualTo(expected);
  }

  @Test
  void eventTypeReadsFewerRowGroupsRowsAndBytes() {
    String select = "SELECT COUNT(*), COUNT(event_properties), COUNT(device_id) FROM events";
    sql.one(select);
    EmbeddedSql.Cost whole = sql.cost();
    Row counted = sql.one(select + " WHERE app = 1001 AND event_type = 'Purchase'");
    EmbeddedSql.Cost pruned = sql.cost();
    report("app and event_type", whole, pruned);
    assertThat(counted.getField(0))
        .isEqualTo(count(row -> row.getField("app").equals(1001L) && isType(row, "Purchase")));
    assertThat(pruned.groupsSkipped()).isPositive();
    assertThat(pruned.groups() + pruned.groupsSkipped()).isEqualTo(whole.groups());
    assertThat(pruned.rows()).isLessThan(whole.rows() / 3);
    assertThat(pruned.bytes()).isLessThan(whole.bytes() / 2);
  }

  @Test
  void eventTimeOpensFewerChunks() {
    String select = "SELECT COUNT(*), COUNT(event_properties) FROM events";
    sql.one(select);
    EmbeddedSql.Cost whole = sql.cost();
    String range = "event_time >= '2026-11-20 02:00:00' AND event_time < '2026-11-20 03:00:00'";
    assertThat(sql.one(select + " WHERE " + range).getField(0))
        .isEqualTo(count("event_time", "2026-11-20T02:00:00Z", "2026-11-20T03:00:00Z"));
    EmbeddedSql.Cost pruned = sql.cost();
    report(range, whole, pruned);
    assertThat(pruned.filesSkipped()).isEqualTo(5);
    assertThat(pruned.files()).isEqualTo(4); // the chunk, and block files, whose bounds are unknown
    assertThat(pruned.bytes()).isLessThan(whole.bytes() / 3);
  }

  @Test
  void uploadTimeOpensFewerFilesUnderBothNamesAndInEveryForm() {
    assertReadsTwoBlockFiles("server_upload_time >= '%s' AND server_upload_time < '%s'");
    assertReadsTwoBlockFiles("upload_time >= '%s' AND upload_time < '%s'");
    assertReadsTwoBlockFiles("upload_time >= TIMESTAMP '%s' AND TIMESTAMP '%s' > upload_time");
  }

  private static void assertReadsTwoBlockFiles(String range) {
    String select = "SELECT COUNT(*), COUNT(event_properties) FROM events";
    sql.one(select);
    EmbeddedSql.Cost whole = sql.cost();
    String where = " WHERE " + range.formatted("2026-11-20 08:30:00", "2026-11-20 09:30:00");
    assertThat(sql.one(select + where).getField(0))
        .isEqualTo(count("server_upload_time", "2026-11-20T08:30:00Z", "2026-11-20T09:30:00Z"));
    EmbeddedSql.Cost pruned = sql.cost();
    report(where, whole, pruned);
    assertThat(whole.files()).isEqualTo(9);
    assertThat(pruned.files()).isEqualTo(2);
    assertThat(pruned.rows()).isLessThan(2_000);
    assertThat(pruned.bytes()).isLessThan(whole.bytes() / 4);
  }

  @Test
  void localTimesAreThoseOfTheSessionsZone() {
    EmbeddedSql tokyo = EmbeddedSql.batch(warehouse.location());
    tokyo.tables().getConfig().set("table.local-time-zone", "Asia/Tokyo");
    String range = "upload_time >= TIMESTAMP '2026-11-20 18:00:00'";
    assertThat(tokyo.one("SELECT COUNT(*) FROM events WHERE " + range).getField(0))
        .isEqualTo(2_000L);
    assertThat(tokyo.cost().rows()).isEqualTo(2_000);
  }

  @Test
  void theLastHourIsPrunedThoughNowIsKnownOnlyLater(@TempDir Path other) throws Exception {
    IcebergWarehouse recent = new IcebergWarehouse(other);
    recent.appendBlockFile(List.of(TestEvents.blank(Instant.now().minusSeconds(6 * 3600))));
    recent.appendBlockFile(List.of(TestEvents.blank(Instant.now().minusSeconds(1800))));
    EmbeddedSql session = EmbeddedSql.batch(recent.location());
    String where = " WHERE upload_time > NOW() - INTERVAL '1' HOUR";
    assertThat(session.one("SELECT COUNT(*) FROM events" + where).getField(0)).isEqualTo(1L);
    assertThat(session.cost().rows()).isEqualTo(1);
  }

  @Test
  void oneUserIsFoundByDictionaryAndBloomFilter() {
    String device = (String) all.get(4711).getField("device_id");
    Row counted =
        sql.one("SELECT COUNT(event_properties) FROM events WHERE device_id = '" + device + "'");
    assertThat(counted.getField(0)).isEqualTo(1L);
    assertThat(sql.cost().groupsSkipped()).isGreaterThan(sql.cost().groups() * 5);
    sql.one("SELECT COUNT(event_properties) FROM events WHERE `user` = 'nobody'");
    assertThat(sql.cost().groups()).isZero();
    assertThat(sql.cost().rows()).isZero();
  }

  @Test
  void alternativesAreLookedUpTogether() {
    String where =
        " WHERE event_type IN ('Search', 'Nothing') OR (app = 1000 AND event_type = 'Purchase')";
    assertThat(sql.one("SELECT COUNT(*) FROM events" + where).getField(0))
        .isEqualTo(
            count(
                row ->
                    isType(row, "Search")
                        || (isType(row, "Purchase") && row.getField("app").equals(1000L))));
    assertThat(sql.cost().groupsSkipped()).isPositive();
  }

  @Test
  void metadataColumnsTellWhereARowComesFrom() {
    List<Row> rows =
        sql.query(
            "SELECT insert_id, batch_number, shard, kafka_topic, kafka_partition, kafka_offset"
                + " FROM events");
    assertThat(rows.stream().map(NovaTableITCase::cells).sorted().toList())
        .isEqualTo(
            all.stream()
                .map(
                    row ->
                        Stream.of(
                                "insert_id",
                                "batch_number",
                                "shard",
                                "kafka_topic",
                                "kafka_partition",
                                "kafka_offset")
                            .map(name -> "|" + row.getField(name))
                            .collect(Collectors.joining()))
                .sorted()
                .toList());
  }

  @Test
  void filesAreCountedWithoutOpeningThem() {
    List<Row> rows = sql.query("SELECT source_file, COUNT(*) FROM events GROUP BY source_file");
    assertThat(rows.stream().map(row -> row.getField(0) + " " + row.getField(1)))
        .containsExactlyInAnyOrderElementsOf(
            warehouse.files().stream()
                .map(file -> file.location() + " " + file.recordCount())
                .toList());
    assertThat(sql.cost().bytes()).isZero();
  }

  @Test
  void batchNumberSkipsTheOtherBatch() {
    Row counted = sql.one("SELECT COUNT(*), COUNT(app) FROM events WHERE batch_number = 20777");
    assertThat(counted.getField(0)).isEqualTo(23_000L);
    assertThat(sql.cost().rows()).isEqualTo(23_000);
  }

  @Test
  void limitStopsEarly() {
    assertThat(sql.query("SELECT * FROM events LIMIT 3")).hasSize(3);
    assertThat(sql.cost().rows()).isLessThanOrEqualTo(6);
  }

  @Test
  void streamingModeGivesTheSameAnswer() {
    EmbeddedSql streaming = EmbeddedSql.streaming(warehouse.location());
    List<Row> changes = streaming.query("SELECT COUNT(*) FROM events WHERE event_type = 'Search'");
    assertThat(changes.get(changes.size() - 1).getField(0))
        .isEqualTo(count(row -> isType(row, "Search")));
  }

  private static void report(String what, EmbeddedSql.Cost whole, EmbeddedSql.Cost pruned) {
    System.out.printf("Push-down of %s:%n  without %s%n  with    %s%n", what, whole, pruned);
  }

  private static long count(java.util.function.Predicate<Record> wanted) {
    return all.stream().filter(wanted).count();
  }

  private static long count(String column, String from, String to) {
    return count(
        row ->
            !time(row, column).isBefore(Instant.parse(from))
                && time(row, column).isBefore(Instant.parse(to)));
  }

  private static long sum(String column) {
    return all.stream().mapToLong(row -> (Long) row.getField(column)).sum();
  }

  private static boolean isType(Record row, String type) {
    return row.getField("event_type").equals(type);
  }

  private static Instant time(Record row, String column) {
    return ((java.time.OffsetDateTime) row.getField(column)).toInstant();
  }

  private static String id(Record row) {
    return "|" + row.getField("insert_id");
  }

  private static List<Long> longs(Row row) {
    ArrayList<Long> values = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      values.add(((Number) row.getField(i)).longValue());
    }
    return values;
  }

  private static String cells(Row row) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < row.getArity(); i++) {
      text.append('|').append(row.getField(i));
    }
    return text.toString();
  }

  private static String cells(Record row) {
    StringBuilder text = new StringBuilder();
    for (String column : IcebergWarehouse.sqlColumns()) {
      Object value = row.getField(column);
      text.append('|')
          .append(value instanceof java.time.OffsetDateTime time ? time.toInstant() : value);
    }
    return text.toString();
  }
}
