package io.nova.sql.source.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import io.nova.sql.source.Aggregation;
import io.nova.sql.source.Aggregation.Call;
import io.nova.sql.source.Aggregation.Function;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ExactFilter;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.enumerator.ScanPlanner;
import io.nova.sql.source.rows.ScanCursor;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.ScanSplit;
import java.io.IOException;
import java.nio.file.Path;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Chunks of several row groups, each of many pages, against the records that were written. */
class ChunkReadingTest {
  private static final Schema SHOWN = columns("insert_id", "paying", "user");
  private static final long MIDDLE = 1_795_179_600_000_000L; // 2026-11-20T13:00:00Z

  @TempDir private Path folder;
  private IcebergWarehouse warehouse;
  private List<Record> written;
  private ReadMetrics metrics;

  private static Schema columns(String... names) {
    return new Schema(Arrays.stream(names).map(IcebergWarehouse.SCHEMA::findField).toList());
  }

  @BeforeEach
  void fill() {
    warehouse = new IcebergWarehouse(folder);
    warehouse.table().updateProperties().set("write.parquet.page-row-limit", "100").commit();
    written = new TestEvents(8).uploaded("2026-11-20T12:00:00Z", 2, 12_000);
    for (int i = 0; i < written.size(); i += 9) {
      written.get(i).setField("event_type", null);
      written.get(i).setField("session_id", null);
    }
    warehouse.appendChunk(written);
  }

  private EventScan scan(
      Schema shown, Expression pruning, Expression exact, @Nullable Aggregation aggregation) {
    return new EventScan(
        warehouse.table().spec(),
        shown,
        pruning,
        ExactFilter.of(exact, IcebergWarehouse.SCHEMA),
        aggregation,
        null,
        EventScan.NO_LIMIT);
  }

  private List<List<Object>> read(EventScan scan) {
    metrics =
        new ReadMetrics(
            new SimpleCounter(),
            new SimpleCounter(),
            new SimpleCounter(),
            new SimpleCounter(),
            new SimpleCounter(),
            new SimpleCounter());
    Table table = warehouse.table();
    long snapshot = table.currentSnapshot().snapshotId();
    List<List<Object>> rows = new ArrayList<>();
    for (ScanSplit split : ScanPlanner.plan(table, scan, snapshot, 1, "").splits()) {
      split.parts().forEach(part -> read(scan, (FileRange) part, rows));
    }
    return rows;
  }

  private void read(EventScan scan, FileRange range, List<List<Object>> rows) {
    try (ScanCursor cursor = new FileReading(scan, metrics).open(range, "")) {
      for (RowData row = cursor.next(); row != null; row = cursor.next()) {
        rows.add(values((GenericRowData) row));
      }
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  private static List<Object> values(GenericRowData row) {
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < row.getArity(); i++) {
      Object value = row.getField(i);
      values.add(value instanceof Long || value instanceof Boolean ? value : String.valueOf(value));
    }
    return values;
  }

  private List<String> ids(List<List<Object>> rows) {
    return rows.stream().map(row -> row.get(0).toString()).toList();
  }

  private List<String> expected(Predicate<Record> wanted) {
    return written.stream()
        .filter(wanted)
        .map(row -> row.getField("insert_id").toString())
        .toList();
  }

  private static long micros(Record row) {
    OffsetDateTime time = (OffsetDateTime) row.getField("event_time");
    return time.withOffsetSameInstant(ZoneOffset.UTC).toEpochSecond() * 1_000_000L
        + time.getNano() / 1000;
  }

  private static boolean isType(Record row, String type) {
    return type.equals(row.getField("event_type"));
  }

  @Test
  void rowsThatPassAreThoseOfTheRecordsInOrder() {
    Map<Expression, Predicate<Record>> filters = new HashMap<>();
    filters.put(Expressions.equal("event_type", "Search"), row -> isType(row, "Search"));
    filters.put(
        Expressions.notEqual("event_type", "Search"),
        row -> row.getField("event_type") != null && !isType(row, "Search"));
    filters.put(Expressions.isNull("event_type"), row -> row.getField("event_type") == null);
    filters.put(
        Expressions.lessThan("session_id", 0L),
        row -> row.getField("session_id") != null && (Long) row.getField("session_id") < 0);
    filters.put(
        Expressions.and(
            Expressions.greaterThanOrEqual("event_time", MIDDLE),
            Expressions.lessThan("event_time", MIDDLE + 60_000_000L)),
        row -> micros(row) >= MIDDLE && micros(row) < MIDDLE + 60_000_000L);
    filters.put(
        Expressions.or(Expressions.in("user", "17", "18", "19"), Expressions.equal("paying", true)),
        row ->
            Set.of("17", "18", "19").contains(String.valueOf(row.getField("user")))
                || Boolean.TRUE.equals(row.getField("paying")));
    filters.put(Expressions.equal("insert_id", "insert-4711"), row -> isId(row, "insert-4711"));
    filters.put(Expressions.equal("batch_number", 20_777L), row -> true);
    filters.put(Expressions.equal("batch_number", 20_778L), row -> false);
    filters.forEach(
        (filter, wanted) -> {
          assertThat(ids(read(scan(SHOWN, Expressions.alwaysTrue(), filter, null))))
              .as("%s, no page is excluded", filter)
              .isEqualTo(expected(wanted));
          if (!filter.toString().contains("batch_number")) {
            assertThat(ids(read(scan(SHOWN, filter, filter, null))))
                .as("%s", filter)
                .isEqualTo(expected(wanted));
          }
        });
  }

  /** The last row that passes may stand alone in a page: Parquet's column reader would skip it. */
  @Test
  void fewRowsFarApartAreThoseOfTheRecords() {
    Random random = new Random(7);
    for (int i = 0; i < 60; i++) {
      Set<String> ids = new HashSet<>();
      for (int n = random.nextInt(5); n >= 0; n--) {
        ids.add(written.get(random.nextInt(written.size())).getField("insert_id").toString());
      }
      EventScan scan =
          scan(SHOWN, Expressions.alwaysTrue(), Expressions.in("insert_id", ids), null);
      Predicate<Record> wanted = row -> ids.contains(row.getField("insert_id").toString());

      assertThat(ids(read(scan))).as("%s", ids).isEqualTo(expected(wanted));
      EventScan another =
          scan(columns("uuid"), Expressions.alwaysTrue(), Expressions.in("insert_id", ids), null);
      assertThat(ids(read(another)))
          .as("another column than the filter's, %s", ids)
          .isEqualTo(
              written.stream()
                  .filter(wanted)
                  .map(row -> String.valueOf(row.getField("uuid")))
                  .toList());
    }
  }

  private static boolean isId(Record row, String id) {
    return id.equals(row.getField("insert_id"));
  }

  @Test
  void pagesWithoutWantedRowsAreNotRead() {
    Schema wide = columns("insert_id", "event_properties");
    Expression minute =
        Expressions.and(
            Expressions.greaterThanOrEqual("event_time", MIDDLE),
            Expressions.lessThan("event_time", MIDDLE + 60_000_000L));
    read(scan(wide, Expressions.alwaysTrue(), Expressions.alwaysTrue(), null));
    long all = metrics.bytes().getCount();
    List<String> found = ids(read(scan(wide, Expressions.alwaysTrue(), minute, null)));
    long late = metrics.bytes().getCount();
    assertThat(ids(read(scan(wide, minute, minute, null)))).isEqualTo(found).isNotEmpty();
    long pruned = metrics.bytes().getCount();
    System.out.printf("Bytes read: all %d, late %d, pruned %d%n", all, late, pruned);
    assertThat(late).isLessThan(all / 3);
    assertThat(pruned).isLessThan(late);
  }

  /** A filter that Flink must apply again still excludes pages, and no wanted row with them. */
  @Test
  void pagesAreExcludedForFiltersOfFlinkToo() {
    Schema shown = columns("insert_id", "event_time");
    Expression minute = Expressions.greaterThanOrEqual("event_time", MIDDLE + 3_500_000_000L);
    List<String> found = ids(read(scan(shown, minute, Expressions.alwaysTrue(), null)));
    assertThat(found)
        .containsAll(expected(row -> micros(row) >= MIDDLE + 3_500_000_000L))
        .hasSizeLessThan(written.size() / 2);
  }

  @Test
  void groupsBeyondTheBoundOfMemoryArePassedOnAndAddUp() {
    List<Record> more = new TestEvents(9).uploaded("2026-11-20T12:00:00Z", 2, 40_000);
    warehouse.appendChunk(more);
    Schema columns = columns("kafka_offset", "event_id");
    Aggregation byId = new Aggregation(List.of(1), List.of(Call.ROWS, new Call(Function.SUM, 0)));
    List<List<Object>> rows =
        read(scan(columns, Expressions.alwaysTrue(), Expressions.alwaysTrue(), byId));
    Map<Object, Long> sums = new TreeMap<>();
    rows.forEach(row -> sums.merge(row.get(0), (Long) row.get(2), Long::sum));
    Map<Object, Long> expected = new TreeMap<>();
    for (List<Record> some : List.of(written, more)) {
      some.forEach(
          row ->
              expected.merge(
                  row.getField("event_id"), (Long) row.getField("kafka_offset"), Long::sum));
    }
    assertThat(sums).isEqualTo(expected);
    assertThat(metrics.rows().getCount()).isEqualTo(52_000);

    Aggregation byOffset = new Aggregation(List.of(0), List.of(Call.ROWS));
    assertThat(read(scan(columns, Expressions.alwaysTrue(), Expressions.alwaysTrue(), byOffset)))
        .hasSize(52_000)
        .allSatisfy(row -> assertThat(row.get(1)).isEqualTo(1L));
  }

  @Test
  void groupsOfTextsAreThoseOfTheRecordsAcrossRowGroups() {
    Schema columns = columns("user", "event_type", "insert_id");
    Aggregation byType =
        new Aggregation(
            List.of(1, 0),
            List.of(Call.ROWS, new Call(Function.MIN, 2), new Call(Function.MAX, 0)));
    Map<String, Long> rows = new TreeMap<>();
    Map<String, String> least = new TreeMap<>();
    for (List<Object> row :
        read(scan(columns, Expressions.alwaysTrue(), Expressions.alwaysTrue(), byType))) {
      String group = row.get(0) + " " + row.get(1);
      rows.merge(group, (Long) row.get(2), Long::sum);
      least.merge(group, row.get(3).toString(), (a, b) -> a.compareTo(b) < 0 ? a : b);
      assertThat(row.get(4)).isEqualTo(row.get(1));
    }
    Map<String, Long> expected = new TreeMap<>();
    Map<String, String> expectedLeast = new TreeMap<>();
    for (Record row : written) {
      String group = row.getField("event_type") + " " + row.getField("user");
      expected.merge(group, 1L, Long::sum);
      expectedLeast.merge(
          group, row.getField("insert_id").toString(), (a, b) -> a.compareTo(b) < 0 ? a : b);
    }
    assertThat(metrics.rowGroups().getCount()).isGreaterThan(3);
    assertThat(rows).isEqualTo(expected);
    assertThat(least).isEqualTo(expectedLeast);
  }
}
