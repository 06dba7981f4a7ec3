package io.nova.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.types.Row;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example scripts on a few events, whose answers can be counted by hand. */
class ScriptsITCase {
  @TempDir static Path folder;
  private static IcebergWarehouse warehouse;
  private static EmbeddedSql sql;

  @BeforeAll
  static void fill() {
    warehouse = new IcebergWarehouse(folder);
    ArrayList<Record> events =
        new ArrayList<>(
            List.of(
                event("ann", 1, "Product Viewed", "10:00:00"),
                event("ann", 1, "Product Added", "10:30:00"),
                event("ann", 1, "Order Completed", "10:59:00"),
                event("bob", 2, "Product Added", "10:00:00"),
                event("bob", 2, "Product Viewed", "10:00:00"),
                event("bob", 2, "Order Completed", "11:00:01"),
                event("cid", -1, "Product Viewed", "10:00:00")));
    warehouse.appendBlockFile(events);
    warehouse.appendChunk(
        List.of(
            event("cid", 3, "Order Completed", "10:01:00"),
            event("cid", 3, "Product Viewed", "10:00:00")));
    sql = EmbeddedSql.batch(warehouse.location());
  }

  private static Record event(String user, long session, String type, String time) {
    Instant instant = Instant.parse("2026-11-20T" + time + "Z");
    Record row = TestEvents.blank(instant);
    row.setField("user", user);
    row.setField("session_id", session);
    row.setField("event_type", type);
    row.setField("event_time", instant.atOffset(ZoneOffset.UTC));
    return row;
  }

  private static List<List<Row>> run(String script) throws IOException {
    ArrayList<List<Row>> results = new ArrayList<>();
    for (String statement : Files.readString(Path.of("scripts", script)).split(";\\s*\n", -1)) {
      if (!statement.isBlank()) {
        results.add(sql.query(statement));
      }
    }
    return results;
  }

  @Test
  void segmentation() throws IOException {
    List<List<Row>> results = run("segmentation.sql");
    assertThat(results.get(0))
        .containsExactlyInAnyOrder(
            Row.of("Product Viewed", 4L, 3L, 4.0 / 3),
            Row.of("Product Added", 2L, 2L, 1.0),
            Row.of("Order Completed", 3L, 3L, 1.0));
    assertThat(results.get(1))
        .containsExactly(
            Row.of(Instant.parse("2026-11-20T10:00:00Z"), "(none)", 8L, 3L),
            Row.of(Instant.parse("2026-11-20T11:00:00Z"), "(none)", 1L, 1L));
    assertThat(results.get(2)).containsExactly(Row.of(1L, 2L), Row.of(2L, 1L));
  }

  @Test
  void funnel() throws IOException {
    assertThat(run("funnel.sql")).containsExactly(List.of(Row.of(3L, 2L, 1L)));
  }

  @Test
  void sessions() throws IOException {
    List<List<Row>> results = run("sessions.sql");
    assertThat(results.get(0)).containsExactly(Row.of(3L, 8.0 / 3, (3540.0 + 3601 + 60) / 3));
    assertThat(results.get(1))
        .contains(Row.of("Order Completed", 1L))
        .extracting(row -> (long) row.getField(1))
        .satisfies(counts -> assertThat(counts.stream().mapToLong(n -> n).sum()).isEqualTo(3));
  }

  @Test
  void whereRowsAre() throws IOException {
    List<List<Row>> results = run("where-rows-are.sql");
    assertThat(results.get(0))
        .containsExactly(Row.of(20_777L, "block file", 1L, 7L), Row.of(20_777L, "chunk", 1L, 2L));
    assertThat(results.get(1)).containsExactly(Row.of("events", 0, 9L, -1L, -1L));
  }
}
