package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.flink.types.Row;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nulls, negative numbers, distant times and unusual texts in block files and chunks. */
class EdgeValuesITCase {
  private static final String OLD = "1903-07-09T01:02:03.000001Z";
  private static final String FAR = "2150-01-01T00:00:00.999999Z";

  @TempDir static Path folder;
  private static IcebergWarehouse warehouse;
  private static EmbeddedSql sql;

  @BeforeAll
  static void fill() {
    warehouse = new IcebergWarehouse(folder);
    warehouse.appendBlockFile(rows("avro"));
    warehouse.appendChunk(rows("parquet"));
    sql = EmbeddedSql.batch(warehouse.location());
  }

  private static List<Record> rows(String kind) {
    Instant upload = Instant.parse("2026-11-20T00:00:00Z");
    Record nothing = TestEvents.blank(upload);
    nothing.setField("library", kind);
    Record old = row(kind, "old", OLD);
    old.setField("session_id", Long.MIN_VALUE);
    old.setField("location_lat", -0.0);
    old.setField("paying", false);
    old.setField("city", "");
    Record far = row(kind, "far", FAR);
    far.setField("session_id", Long.MAX_VALUE);
    far.setField("location_lat", Double.MIN_VALUE);
    far.setField("paying", true);
    far.setField("city", "\u0000 Zürich 東京 \uD83D\uDE00");
    return List.of(nothing, old, far);
  }

  private static Record row(String kind, String id, String eventTime) {
    Record row = TestEvents.blank(Instant.parse("2026-11-20T00:00:00Z"));
    row.setField("library", kind);
    row.setField("insert_id", id);
    row.setField("event_time", Instant.parse(eventTime).atOffset(ZoneOffset.UTC));
    return row;
  }

  private static List<Row> select(String kind, String where) {
    return sql.query(
        "SELECT insert_id, event_time, session_id, location_lat, paying, city FROM events"
            + " WHERE library = '"
            + kind
            + "' AND "
            + where);
  }

  private static Row old() {
    return Row.of("old", Instant.parse(OLD), Long.MIN_VALUE, -0.0, false, "");
  }

  private static Row far() {
    return Row.of(
        "far",
        Instant.parse(FAR),
        Long.MAX_VALUE,
        Double.MIN_VALUE,
        true,
        "\u0000 Zürich 東京 \uD83D\uDE00");
  }

  private static Row nothing() {
    return Row.of(null, null, null, null, null, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"avro", "parquet"})
  void everyValueComesBackAsItIs(String kind) {
    assertThat(select(kind, "TRUE")).containsExactlyInAnyOrder(nothing(), old(), far());
  }

  @ParameterizedTest
  @ValueSource(strings = {"avro", "parquet"})
  void filtersFindThem(String kind) {
    assertThat(select(kind, "insert_id IS NULL")).containsExactly(nothing());
    assertThat(select(kind, "event_time IS NOT NULL")).containsExactlyInAnyOrder(old(), far());
    assertThat(select(kind, "event_time < '1970-01-01 00:00:00'")).containsExactly(old());
    assertThat(select(kind, "event_time = '1903-07-09 01:02:03.000001'")).containsExactly(old());
    assertThat(select(kind, "event_time = TIMESTAMP '2150-01-01 00:00:00.999999'"))
        .containsExactly(far());
    assertThat(select(kind, "session_id < 0")).containsExactly(old());
    assertThat(sql.query("SELECT insert_id FROM events WHERE location_lat = 0"))
        .containsOnly(Row.of("old")); // -0.0 and 0.0 are equal
    assertThat(select(kind, "paying")).containsExactly(far());
    assertThat(select(kind, "paying = FALSE")).containsExactly(old());
    assertThat(select(kind, "NOT paying")).containsExactly(old());
    assertThat(select(kind, "city = ''")).containsExactly(old());
    assertThat(select(kind, "city LIKE '%東京%'")).containsExactly(far());
    assertThat(select(kind, "(insert_id IS NULL OR city > 'A')")).contains(nothing());
    assertThat(select(kind, "insert_id <> 'old'")).containsExactly(far());
  }
}
