package io.nova.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.NovaWarehouse;
import io.nova.ReadEvents;
import io.nova.event.Tally;
import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import io.nova.fixtures.Events;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.Draft;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.iceberg.data.Record;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChunkWriterTest {
  @TempDir private Path folder;
  private NovaWarehouse warehouse;
  private CommitChain chain;
  private Draft draft;

  @BeforeEach
  void begin() {
    warehouse = new NovaWarehouse(folder);
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
  }

  private static Events event(String time, int i) {
    return Events.at(time)
        .id("i" + i)
        .by("u" + i % 7)
        .app(1 + i % 2)
        .with("event_type", "\"t%d\"".formatted(i % 5))
        .with("event_time", "\"2026-11-20 09:%d:00.000001\"".formatted(10 + i * 7 % 50))
        .with("location_lat", i + ".5")
        .with("paying", Boolean.toString(i % 3 == 0))
        .with("session_id", Integer.toString(i))
        .with("event_properties", "{\"é\": %d }".formatted(i))
        .with("odd", "\"x\\u0000\"");
  }

  private BlockFile events(String time, int from, int to) {
    Events[] events = new Events[to - from];
    for (int i = from; i < to; i++) {
      events[i - from] = event(time, i);
    }
    return warehouse.write(events);
  }

  private void commit() {
    chain.apply(draft.draw(chain.generation(), new Tally()));
  }

  private Map<String, String> rowsById() {
    return warehouse.rows().stream()
        .collect(Collectors.toMap(row -> (String) row.getField("insert_id"), Record::toString));
  }

  /** The first column of DuckDB's answer. */
  private static List<String> duckDb(String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        rows.add(result.getString(1));
      }
    }
    return rows;
  }

  private static String file(Chunk chunk) {
    return "'" + chunk.path().replaceFirst("^file:", "") + "'";
  }

  @Test
  void chunkHasTheRowsOfItsBlockFilesForEveryReader() throws SQLException {
    BlockFile one = events("10:02", 0, 40);
    BlockFile two = events("10:07", 40, 70);
    draft.add(one);
    draft.add(two);
    commit();
    Map<String, String> before = rowsById();
    Chunk chunk = warehouse.merge(one, two);
    draft.add(chunk);
    commit();

    assertThat(rowsById()).hasSize(70).isEqualTo(before);
    assertThat(
            duckDb(
                "SELECT concat_ws(' ', count(*), count(DISTINCT insert_id), sum(session_id),"
                    + " sum(location_lat), sum(kafka_offset), count(*) FILTER (paying),"
                    + " min(event_properties), max(extra) = '{\"odd\":\"x\\u0000\"}',"
                    + " epoch_us(min(server_upload_time))) FROM "
                    + file(chunk)))
        .containsExactly("70 70 2415 2450.0 2415 24 {\"é\": 0 } true 1795168920000000");
  }

  @Test
  void chunkHasFieldIdsStatisticsAndBloomFilters() throws SQLException {
    Chunk chunk = warehouse.merge(events("10:02", 0, 40));

    assertThat(
            duckDb(
                "SELECT field_id FROM parquet_schema(" + file(chunk) + ") WHERE name <> 'event'"))
        .containsExactlyElementsOf(
            EventSchema.avro().getFields().stream()
                .map(field -> String.valueOf(field.getObjectProp("field-id")))
                .toList());
    String metadata = " FROM parquet_metadata(" + file(chunk) + ") WHERE ";
    assertThat(
            duckDb(
                "SELECT path_in_schema" + metadata + "bloom_filter_offset IS NOT NULL ORDER BY 1"))
        .as("where a dictionary of all values does not do the same")
        .contains("insert_id");
    assertThat(
            duckDb(
                "SELECT concat_ws(' ', stats_min_value, stats_max_value, stats_null_count,"
                    + " compression)"
                    + metadata
                    + "path_in_schema = 'session_id'"))
        .containsExactly("0 39 0 ZSTD");
  }

  /** Pages, dictionaries and row groups end in the middle of runs of nulls and of equal values. */
  @Test
  void chunkOfManyPagesHasEveryValueInItsRow() throws SQLException {
    Events[] events = new Events[45_000];
    for (int i = 0; i < events.length; i++) {
      events[i] = sparse(i);
    }
    BlockFile file = warehouse.write(events);
    draft.add(file);
    commit();
    Map<String, String> before = rowsById();
    Chunk chunk = warehouse.merge(file);
    draft.add(chunk);
    commit();

    assertThat(rowsById()).hasSize(events.length).isEqualTo(before);
    assertThat(duckDb("SELECT num_row_groups FROM parquet_file_metadata(" + file(chunk) + ")"))
        .isNotEqualTo(List.of("1"));
    assertThat(
            duckDb(
                "SELECT count(*) FROM "
                    + file(chunk)
                    + " WHERE city IS DISTINCT FROM CASE WHEN event_id % 7 < 3 THEN"
                    + " repeat('c', (event_id % 50)::INT) || event_id // 1000 END"
                    + " OR insert_id IS DISTINCT FROM 'i' || event_id"
                    + " OR location_lat IS DISTINCT FROM CASE WHEN event_id % 11 = 0 THEN"
                    + " event_id + 0.5 END OR (event_id % 20000 < 19000) IS DISTINCT FROM"
                    + " (region IS NULL)"))
        .containsExactly("0");
  }

  @Test
  void rowsOfASmallChunkAreThoseOfItsBlockFiles() {
    Events[] events = new Events[25_000];
    for (int i = 0; i < events.length; i++) {
      events[i] = sparse(i);
    }
    BlockFile many = warehouse.write(events);
    BlockFile few = events("10:07", 30_000, 30_040);
    BlockFile others = events("23:57", 30_040, 30_070);
    Chunk small = warehouse.merge(many, few).waiting();

    assertThat(encoded(small)).isEqualTo(encoded(many, few));
    Chunk again = warehouse.mergeAgain(List.of(others), small);
    assertThat(again.rows()).isEqualTo(25_070);
    assertThat(again.digest()).isEqualTo(warehouse.merge(many, few, others).digest());
    assertThat(again.mergedChunks()).containsExactly(small.asSmall());
  }

  private static List<String> encoded(Chunk chunk) {
    List<String> rows = new ArrayList<>();
    new ChunkReader(Storage.configuration()).read(chunk.asSmall(), row -> rows.add(encoded(row)));
    return rows.stream().sorted().toList();
  }

  private static List<String> encoded(BlockFile... files) {
    List<String> rows = new ArrayList<>();
    for (BlockFile file : files) {
      new BlockFileReader(Storage.configuration()).read(file, row -> rows.add(encoded(row)));
    }
    return rows.stream().sorted().toList();
  }

  private static String encoded(RowCursor row) {
    return HexFormat.of().formatHex(row.bytes(), row.start(0), row.start(0) + row.sizeBytes());
  }

  @Test
  void smallChunkWithOtherRowsThanItsDescriptionIsNotMerged() {
    Chunk small = warehouse.merge(events("10:02", 0, 3)).waiting();
    SmallChunk wrong = new SmallChunk(small.path(), small.sizeBytes(), 4, small.batchNumber());

    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                new ChunkWriter(Storage.configuration(), warehouse.open().dataFolder(), 1 << 20)
                    .merge(wrong.batchNumber(), List.of(), List.of(wrong)))
        .withMessageContaining("3 rows, the table says 4");
  }

  private static Events sparse(int i) {
    Events event =
        Events.at("10:02").id("i" + i).by("u" + i % 90).with("event_id", Integer.toString(i));
    if (i % 7 < 3) {
      event = event.with("city", "\"%s%d\"".formatted("c".repeat(i % 50), i / 1000));
    }
    if (i % 11 == 0) {
      event = event.with("location_lat", i + ".5");
    }
    return i % 20_000 < 19_000 ? event : event.with("region", "\"r\"");
  }

  @Test
  void rowsAreSortedByAppTypeAndTime() throws SQLException {
    Chunk chunk = warehouse.merge(events("10:02", 0, 40), events("10:07", 40, 70));

    List<String> keys =
        duckDb(
            "SELECT concat_ws(' ', app, event_type, event_time) FROM "
                + file(chunk)
                + " ORDER BY file_row_number");

    assertThat(keys).hasSize(70).isSortedAccordingTo(Comparator.naturalOrder());
  }

  @Test
  void runsThatFillTheirMemoryAreSortedOneByOne() throws SQLException {
    int runBytes = 2000;
    BlockFile file = events("10:02", 0, 60);
    Chunk chunk =
        new ChunkWriter(Storage.configuration(), warehouse.open().dataFolder(), runBytes)
            .merge(file.batchNumber(), List.of(file));

    List<String> ids = duckDb("SELECT insert_id FROM " + file(chunk) + " ORDER BY file_row_number");
    assertThat(ids).hasSize(60).doesNotHaveDuplicates();
    List<Integer> runs = runLengths(ids);
    assertThat(runs).hasSizeGreaterThan(3).allMatch(bytes -> bytes <= runBytes);
    for (int i = 1; i < runs.size(); i++) {
      assertThat(runs.get(i - 1) + runs.get(i)).isGreaterThan(runBytes);
    }
  }

  /**
   * The bytes of each run. Within a run the apps are in order, so a smaller app begins the next.
   */
  private static List<Integer> runLengths(List<String> ids) {
    List<Integer> runs = new ArrayList<>();
    int appBefore = 2;
    for (String id : ids) {
      int number = Integer.parseInt(id.substring(1));
      int app = 1 + number % 2;
      int bytes =
          ReadEvents.offered(event("10:02", number), NovaWarehouse.RULES, number).row.length;
      if (app < appBefore) {
        runs.add(bytes);
      } else {
        runs.set(runs.size() - 1, runs.get(runs.size() - 1) + bytes);
      }
      appBefore = app;
    }
    return runs;
  }

  @Test
  void rowsWithoutASortKeyComeFirst() throws SQLException {
    Chunk chunk =
        warehouse.merge(
            warehouse.write(
                Events.at("10:02").id("b").with("event_type", "\"t\""),
                Events.at("10:02").id("a")));

    assertThat(duckDb("SELECT insert_id FROM " + file(chunk) + " ORDER BY file_row_number"))
        .containsExactly("a", "b");
  }

  @Test
  void filesOfTwoBatchesAreNeverMerged() {
    BlockFile today = warehouse.write(Events.at("2026-11-20 23:59:59").id("a"));
    BlockFile tomorrow = warehouse.write(Events.at("2026-11-21 00:00:00").id("b"));

    assertThat(tomorrow.batchNumber()).isEqualTo(today.batchNumber() + 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> warehouse.merge(today, tomorrow))
        .withMessageContaining("A chunk belongs to one batch");
  }

  @Test
  void blockFileWithOtherRowsThanItsDescriptionIsNotMerged() {
    BlockFile file = events("10:02", 0, 3);
    BlockFile wrong =
        new BlockFile(
            file.path(),
            file.sizeBytes(),
            4,
            file.batchNumber(),
            file.uploadFromMicros(),
            file.uploadToMicros(),
            List.of(new BlockFile.Block(0, 1, 4)));

    assertThatIllegalStateException()
        .isThrownBy(() -> warehouse.merge(wrong))
        .withMessageContaining("3 rows, the table says 4");
  }

  @Test
  void columnsOfUsersWithoutValuesAreRead() {
    BlockFile file = warehouse.write(Events.at("10:02").id("a").with("user_id", "null"));
    draft.add(file);
    draft.add(warehouse.merge(file));
    commit();

    assertThat(warehouse.rows().get(0).getField("user_id")).isNull();
    assertThat(warehouse.ids()).containsExactly("a");
  }

  @Test
  void batchesBefore1970AreBatches() {
    BlockFile file = warehouse.write(Events.at("1969-12-31 23:59:59").id("a"));
    draft.add(file);
    draft.add(warehouse.merge(file));
    commit();

    assertThat(file.batchNumber()).isEqualTo(-1);
    assertThat(warehouse.ids()).containsExactly("a");
  }
}
