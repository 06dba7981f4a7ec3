package io.nova.console.ask.cut;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.console.ask.AskDatabase;
import io.nova.console.ask.AskedJob;
import io.nova.console.ask.cut.RowStore.RowTable;
import io.nova.event.row.EventSchema;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.avro.generic.GenericData;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.duckdb.DuckDBConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which rows a cut reads while loads are committed in pieces, and what they cost. */
class RowStoreTest {
  private static final AskColumns COLUMNS =
      new AskColumns(AvroSchemaUtil.toIceberg(EventSchema.avro()));

  @TempDir private Path folder;
  private AskDatabase database;
  private DuckDBConnection writer;
  private final EventViews views = new EventViews(COLUMNS, "token");

  private RowStore store(int memoryMb, int fullRows, int pieceRows) throws Exception {
    database = AskedJob.database(folder, memoryMb);
    writer = database.connect();
    return new RowStore(writer, COLUMNS, fullRows, pieceRows);
  }

  @AfterEach
  void stop() throws Exception {
    writer.close();
    database.close();
  }

  private static void add(RowLoad load, int part, long from, long to) throws SQLException {
    for (long offset = from; offset < to; offset++) {
      add(load, part, offset, "a");
    }
  }

  private static void add(RowLoad load, int part, long offset, String text) throws SQLException {
    GenericData.Record row =
        new GenericData.Record(AvroSchemaUtil.convert(COLUMNS.storedSchema(), "row"));
    row.put(EventSchema.KAFKA_OFFSET, offset);
    row.put("event_type", text);
    load.add(part, row, COLUMNS.stored());
  }

  /** The tables that a cut of this load names. */
  private static List<RowTable> committed(RowLoad load, int part) throws SQLException {
    load.commit();
    return load.tablesOf(Set.of(part));
  }

  private List<Long> offsets(List<RowTable> tables, int part, int load) throws SQLException {
    String rows =
        tables.stream()
            .map(table -> views.rows(table, Map.of(part, "file"), load))
            .collect(Collectors.joining(" UNION ALL "));
    ArrayList<Long> offsets = new ArrayList<>();
    try (Statement statement = writer.createStatement();
        ResultSet found =
            statement.executeQuery("SELECT kafka_offset FROM (%s) ORDER BY 1".formatted(rows))) {
      while (found.next()) {
        offsets.add(found.getLong(1));
      }
    }
    return offsets;
  }

  private static List<Long> range(long from, long to) {
    return LongStream.range(from, to).boxed().toList();
  }

  @Test
  void rowsOfALoadThatFailedAreNotRead() throws Exception {
    RowStore store = store(512, 1_000, 10);
    int part = store.newPart();
    int other = store.newPart();
    List<RowTable> first;
    try (RowLoad load = store.begin()) {
      add(load, part, 0, 25);
      add(load, other, 0, 3);
      first = committed(load, part);
    }
    try (RowLoad failed = store.begin()) {
      add(failed, part, 25, 60);
    }
    try (RowLoad load = store.begin()) {
      add(load, part, 25, 45);
      List<RowTable> second = committed(load, part);
      assertThat(offsets(second, part, load.number())).isEqualTo(range(0, 45));
    }
    assertThat(offsets(first, part, 1)).isEqualTo(range(0, 25));
    assertThat(store.rows()).isEqualTo(48);
  }

  @Test
  void compactionLeavesTheRowsOfALoadThatFailed() throws Exception {
    RowStore store = store(512, 1_000, 10);
    int part = store.newPart();
    int left = store.newPart();
    try (RowLoad load = store.begin()) {
      add(load, part, 0, 5);
      add(load, left, 0, 50);
      load.commit();
    }
    try (RowLoad failed = store.begin()) {
      add(failed, part, 5, 40);
    }
    try (RowLoad load = store.begin()) {
      add(load, part, 5, 8);
      load.compact(Set.of(part));
      List<RowTable> tables = committed(load, part);
      assertThat(offsets(tables, part, load.number())).isEqualTo(range(0, 8));
    }
  }

  @Test
  void compactionOfPartsWithAGapLeavesTheRowsOfALoadThatFailed() throws Exception {
    RowStore store = store(512, 1_000, 10);
    int first = store.newPart();
    int left = store.newPart();
    int last = store.newPart();
    try (RowLoad load = store.begin()) {
      add(load, first, 0, 5);
      add(load, left, 0, 50);
      add(load, last, 0, 5);
      load.commit();
    }
    try (RowLoad failed = store.begin()) {
      add(failed, last, 5, 40);
    }
    try (RowLoad load = store.begin()) {
      load.compact(Set.of(first, last));
      List<RowTable> tables = committed(load, last);
      assertThat(offsets(tables, first, load.number())).isEqualTo(range(0, 5));
      assertThat(offsets(tables, last, load.number())).isEqualTo(range(0, 5));
    }
  }

  @Test
  void loadsThatFailKeepNoTables() throws Exception {
    RowStore store = store(512, 20, 10);
    int part = store.newPart();
    try (RowLoad load = store.begin()) {
      add(load, part, 0, 5);
      load.commit();
    }
    for (int i = 0; i < 5; i++) {
      try (RowLoad failed = store.begin()) {
        add(failed, part, 5, 105);
      }
      store.dropUnused(Set.of(part), Set.of());
      assertThat(store.tables()).isEqualTo(1);
    }
  }

  @Test
  void thousandsOfBlocksAndFilesTakeLittleMemoryInAQuestion() throws Exception {
    RowStore store = store(64, 200_000, 20_000);
    Map<Integer, String> sources = new HashMap<>();
    Map<String, Long> expected = new TreeMap<>();
    try (RowLoad load = store.begin()) {
      for (int i = 0; i < 3_000; i++) {
        int part = store.newPart();
        add(load, part, i, i + 2);
        if (i % 3 > 0) {
          String source = "file '%d'".formatted(i % 250);
          sources.put(part, source);
          expected.merge(source, 2L, Long::sum);
        }
      }
      load.commit();
      RowTable table = load.tablesOf(sources.keySet()).get(0);
      String rows = views.rows(table, sources, load.number());
      Map<String, Long> found = new TreeMap<>();
      try (Statement statement = writer.createStatement()) {
        try (ResultSet counted =
            statement.executeQuery("SELECT count(*) FROM (%s)".formatted(rows))) {
          assertThat(counted.next()).isTrue();
          assertThat(counted.getLong(1)).isEqualTo(4_000);
        }
        try (ResultSet bySource =
            statement.executeQuery(
                "SELECT source_file, count(*) FROM (%s) GROUP BY 1".formatted(rows))) {
          while (bySource.next()) {
            found.put(bySource.getString(1), bySource.getLong(2));
          }
        }
      }
      assertThat(found).isEqualTo(expected);
    }
  }

  @Test
  void loadMayBeLargerThanTheMemoryLimit() throws Exception {
    RowStore store = store(128, 200_000, 20_000);
    int part = store.newPart();
    Random random = new Random(7);
    int rows = 60_000;
    try (RowLoad load = store.begin()) {
      for (int i = 0; i < rows; i++) {
        add(load, part, i, text(random));
      }
      List<RowTable> tables = committed(load, part);
      assertThat(offsets(tables, part, load.number())).isEqualTo(range(0, rows));
    }
  }

  private static String text(Random random) {
    return IntStream.range(0, 200)
        .mapToObj(i -> Long.toString(random.nextLong(), 36))
        .collect(Collectors.joining(" "));
  }
}
