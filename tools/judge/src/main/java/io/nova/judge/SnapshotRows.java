package io.nova.judge;

import io.nova.judge.json.StrictJson;
import io.nova.judge.json.StrictJson.Shape;
import io.nova.judge.record.Content;
import io.nova.judge.record.ExportKey;
import io.nova.judge.record.ExportKeys;
import io.nova.judge.record.RecordMapping;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.StaticTableOperations;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a table's current snapshot, read with Iceberg's generic reader. It is the job's
 * table, or that of the batch layer, which may lack shards and Kafka positions. For one thread.
 */
final class SnapshotRows {
  /** The columns that the batch layer need not keep. */
  private static final List<String> PLACE =
      List.of("shard", "kafka_topic", "kafka_partition", "kafka_offset", "kafka_index");

  private static final String METADATA_FILE = ".metadata.json";

  private final Table table;
  private final Map<String, Integer> places = new HashMap<>();
  private final StrictJson json = new StrictJson();
  private final RecordMapping mapping;
  private boolean placed = true;

  private SnapshotRows(Table table, RecordMapping mapping) {
    this.mapping = mapping;
    this.table = table;
    List<Types.NestedField> columns = table.schema().columns();
    for (int place = 0; place < columns.size(); place++) {
      places.put(columns.get(place).name(), place);
    }
  }

  /**
   * The rows of the table {@code nova/events} of a warehouse, or those of a metadata file.
   *
   * @throws IllegalArgumentException when the table does not exist
   */
  static SnapshotRows of(String warehouse, RecordMapping mapping) {
    return warehouse.endsWith(METADATA_FILE)
        ? new SnapshotRows(ofMetadata(warehouse), mapping)
        : of(warehouse, "events", "the job's", mapping);
  }

  /** The table at one version. Its metadata names all files, so no catalog is asked. */
  private static Table ofMetadata(String file) {
    HadoopFileIO files = new HadoopFileIO(new Configuration());
    return new BaseTable(new StaticTableOperations(file, files), file);
  }

  /**
   * The rows of the table {@code nova/batch_events} of a warehouse.
   *
   * @throws IllegalArgumentException when the table does not exist
   */
  static SnapshotRows ofBatchLayer(String warehouse, RecordMapping mapping) {
    SnapshotRows rows = of(warehouse, "batch_events", "the batch layer's", mapping);
    rows.placed = rows.places.keySet().containsAll(PLACE);
    return rows;
  }

  private static SnapshotRows of(
      String warehouse, String name, String whose, RecordMapping mapping) {
    String location = "%s/nova/%s".formatted(warehouse.replaceAll("/+$", ""), name);
    try {
      return new SnapshotRows(new HadoopTables(new Configuration()).load(location), mapping);
    } catch (NoSuchTableException e) {
      throw new IllegalArgumentException(
          "Found no table at %s, expected %s. Nothing was judged.".formatted(location, whose), e);
    }
  }

  /** The number of rows by the snapshot's summary; empty when it has none. */
  OptionalLong count() {
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return OptionalLong.of(0);
    }
    String total = snapshot.summary().get(SnapshotSummary.TOTAL_RECORDS_PROP);
    return total == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(total));
  }

  void forEach(Consumer<StoredRow> consumer) {
    try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
      records.forEach(record -> consumer.accept(read(record)));
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: cannot be read: %s. Nothing was judged.".formatted(table.location(), e.getMessage()),
          e);
    }
  }

  private StoredRow read(Record row) {
    Content content = new Content(mapping.identity());
    for (ExportKey key : ExportKeys.ALL) {
      content.put(key, plain(value(row, key.column())));
    }
    boolean readable = readExtra(row, content);
    return new StoredRow(
        number(row, "batch_number"),
        placed ? (int) number(row, "shard") : StoredRow.NO_SHARD,
        placed ? String.valueOf(value(row, "kafka_topic")) : StoredRow.NO_TOPIC,
        placed ? (int) number(row, "kafka_partition") : 0,
        placed ? number(row, "kafka_offset") : 0,
        placed ? (int) number(row, "kafka_index") : 0,
        value(row, "user") instanceof CharSequence user ? user.toString() : null,
        content,
        readable);
  }

  private boolean readExtra(Record row, Content content) {
    if (!(value(row, "extra") instanceof CharSequence extra)) {
      return true;
    }
    Shape shape = json.read(extra.toString().getBytes(StandardCharsets.UTF_8));
    for (int member = 0; member < json.members(); member++) {
      content.putExtra(json.key(member), json.slice(member));
    }
    return shape == Shape.OBJECT;
  }

  /** A time in microseconds, a text as String, any other value as it is. */
  private static @Nullable Object plain(@Nullable Object value) {
    if (value instanceof OffsetDateTime time) {
      return time.toEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }
    return value instanceof CharSequence text ? text.toString() : value;
  }

  private static long number(Record row, int place) {
    return row.get(place) instanceof Number number ? number.longValue() : Long.MIN_VALUE;
  }

  private long number(Record row, String column) {
    return number(row, place(column));
  }

  private @Nullable Object value(Record row, String column) {
    return row.get(place(column));
  }

  private int place(String column) {
    Integer place = places.get(column);
    if (place == null) {
      throw new IllegalArgumentException(
          "Table %s has no column %s. Nothing was judged.".formatted(table.location(), column));
    }
    return place;
  }
}
