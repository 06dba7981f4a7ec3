package io.nova.iceberg;

import static org.apache.parquet.filter2.predicate.FilterApi.and;
import static org.apache.parquet.filter2.predicate.FilterApi.binaryColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.eq;
import static org.apache.parquet.filter2.predicate.FilterApi.gtEq;
import static org.apache.parquet.filter2.predicate.FilterApi.longColumn;
import static org.apache.parquet.filter2.predicate.FilterApi.lt;
import static org.assertj.core.api.Assertions.assertThat;

import io.nova.NovaWarehouse;
import io.nova.fixtures.Events;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.internal.column.columnindex.BoundaryOrder;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What a query can skip: 60,000 events of two apps, five types and one hour. */
@TestInstance(Lifecycle.PER_CLASS)
class ChunkLayoutTest {
  private static final int ROWS = 60_000;
  private static final int PAGE_ROWS = 5_600;
  private static final Set<String> KNOWN_TO_ALL =
      Set.of("PLAIN", "PLAIN_DICTIONARY", "RLE_DICTIONARY", "RLE", "BIT_PACKED");

  private final Configuration hadoop = Storage.configuration();
  private NovaWarehouse warehouse;
  private BlockFile file;

  @BeforeAll
  void events(@TempDir Path folder) {
    warehouse = new NovaWarehouse(folder);
    Events[] events = new Events[ROWS];
    for (int i = 0; i < ROWS; i++) {
      int second = i % 3600;
      events[i] =
          Events.at("10:02")
              .id("i" + i)
              .by("device-" + i / 2)
              .app(1 + i / 5 % 2)
              .with("event_type", "\"t%d\"".formatted(i % 5))
              .with(
                  "event_time",
                  "\"2026-11-20 09:%02d:%02d.000000\"".formatted(second / 60, second % 60));
    }
    file = warehouse.write(events);
  }

  private Chunk merged(int runBytes) {
    return new ChunkWriter(hadoop, warehouse.open().dataFolder(), runBytes)
        .merge(file.batchNumber(), List.of(file));
  }

  private ParquetFileReader open(Chunk chunk, FilterPredicate filter) throws IOException {
    return ParquetFileReader.open(
        HadoopInputFile.fromPath(new org.apache.hadoop.fs.Path(chunk.path()), hadoop),
        HadoopReadOptions.builder(hadoop)
            .withRecordFilter(filter == null ? FilterCompat.NOOP : FilterCompat.get(filter))
            .build());
  }

  @Test
  void everyColumnHasPageIndexesAndSmallPages() throws IOException {
    try (ParquetFileReader reader = open(merged(32 << 20), null)) {
      assertThat(reader.getRowGroups()).hasSize(1);
      for (ColumnChunkMetaData column : reader.getRowGroups().get(0).getColumns()) {
        String name = column.getPath().toDotString();
        assertThat(reader.readColumnIndex(column)).as(name).isNotNull();
        OffsetIndex pages = reader.readOffsetIndex(column);
        assertThat(pages).as(name).isNotNull();
        for (int page = 0; page < pages.getPageCount(); page++) {
          long rows = pages.getLastRowIndex(page, ROWS) - pages.getFirstRowIndex(page) + 1;
          assertThat(rows).as(name).isLessThanOrEqualTo(PAGE_ROWS);
        }
      }
    }
  }

  @Test
  void pagesAreInTheOrderOfTheApp() throws IOException {
    try (ParquetFileReader reader = open(merged(32 << 20), null)) {
      pagesMustBeInOrder(reader, reader.getRowGroups().get(0));
    }
  }

  /** At most one page has both apps. */
  private static void pagesMustBeInOrder(ParquetFileReader reader, BlockMetaData group)
      throws IOException {
    ColumnChunkMetaData app =
        group.getColumns().stream()
            .filter(column -> column.getPath().toDotString().equals("app"))
            .findFirst()
            .orElseThrow();
    ColumnIndex pages = reader.readColumnIndex(app);
    assertThat(pages.getBoundaryOrder()).isEqualTo(BoundaryOrder.ASCENDING);
    int mixed = 0;
    for (int page = 0; page < pages.getMinValues().size(); page++) {
      mixed += pages.getMinValues().get(page).equals(pages.getMaxValues().get(page)) ? 0 : 1;
    }
    assertThat(mixed).isLessThanOrEqualTo(1);
  }

  @Test
  void aTypeAndSomeMinutesReadFewRowsOfOthers() throws IOException {
    FilterPredicate tenMinutes =
        and(
            and(eq(longColumn("app"), 2L), eq(binaryColumn("event_type"), Binary.fromString("t3"))),
            and(
                gtEq(longColumn("event_time"), micros("2026-11-20T09:10:00Z")),
                lt(longColumn("event_time"), micros("2026-11-20T09:20:00Z"))));
    try (ParquetFileReader reader = open(merged(32 << 20), tenMinutes)) {
      PageReadStore group = reader.readNextFilteredRowGroup();

      assertThat(group.getRowCount()).isLessThanOrEqualTo(3 * PAGE_ROWS);
    }
  }

  private static long micros(String time) {
    return Instant.parse(time).toEpochMilli() * 1000;
  }

  /** Every user has two events, of different types. */
  @Test
  void usersAlwaysHaveADictionary() throws IOException {
    try (ParquetFileReader reader = open(merged(32 << 20), null)) {
      for (ColumnChunkMetaData column : reader.getRowGroups().get(0).getColumns()) {
        if (Set.of("user", "device_id").contains(column.getPath().toDotString())) {
          assertThat(column.getEncodingStats().hasDictionaryPages()).isTrue();
          assertThat(column.getEncodingStats().hasNonDictionaryEncodedPages()).isFalse();
        }
      }
    }
  }

  @Test
  void rowGroupIsASortRun() throws IOException {
    try (ParquetFileReader reader = open(merged(4 << 20), null)) {
      List<BlockMetaData> groups = reader.getRowGroups();

      assertThat(groups).hasSizeGreaterThan(1);
      for (BlockMetaData group : groups) {
        pagesMustBeInOrder(reader, group);
      }
    }
  }

  @Test
  void encodingsAreThoseThatEveryReaderKnows() throws IOException {
    try (ParquetFileReader reader = open(merged(32 << 20), null)) {
      for (ColumnChunkMetaData column : reader.getRowGroups().get(0).getColumns()) {
        assertThat(column.getEncodings()).extracting(Enum::name).isSubsetOf(KNOWN_TO_ALL);
      }
    }
  }
}
