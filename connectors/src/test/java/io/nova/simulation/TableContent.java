package io.nova.simulation;

import io.nova.event.row.EventSchema;
import io.nova.iceberg.Chunk;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.BatchTags;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.shard.BlockFile;
import io.nova.shard.ConflictRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.PlannedDataReader;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/**
 * The rows of a table, read by Iceberg's generic readers. Each file is read once, since files never
 * change.
 */
final class TableContent {
  private final Topic topic;
  private final Map<String, List<SimulatedMessage>> rowsByFile = new HashMap<>();
  private final Map<String, List<BlockFile.Block>> blocksByFile = new HashMap<>();

  TableContent(Topic topic) {
    this.topic = topic;
  }

  /** Notes a block file that was written, whether it will be committed or not. */
  void written(BlockFile file) {
    blocksByFile.put(file.path(), file.blocks());
  }

  /** Notes a chunk that was written, whether it will be committed or not. */
  void written(Chunk chunk) {
    blocksByFile.put(
        chunk.path(),
        Stream.concat(
                chunk.merged().stream().flatMap(file -> file.blocks().stream()),
                chunk.mergedChunks().stream().flatMap(small -> blocks(small.path()).stream()))
            .toList());
  }

  List<BlockFile.Block> blocks(String path) {
    return blocksByFile.getOrDefault(path, List.of());
  }

  /** The messages that a reader sees: all rows of the batches that are not completed. */
  List<SimulatedMessage> visible(EventTable events) {
    List<SimulatedMessage> all = new ArrayList<>();
    HandoffProperties handoff = HandoffProperties.of(events.iceberg().properties());
    for (DataFile file : files(events.iceberg(), events.iceberg().currentSnapshot())) {
      if (!handoff.isCompleted(file.partition().get(0, Long.class))) {
        all.addAll(messages(events.iceberg(), file));
      }
    }
    return all;
  }

  /** The messages of all rows of a batch's tag, with repeats. */
  List<SimulatedMessage> tagged(Table table, long batch) {
    List<SimulatedMessage> all = new ArrayList<>();
    Snapshot side = table.snapshot(BatchTags.name(batch));
    for (DataFile file : files(table, side)) {
      all.addAll(messages(table, file));
    }
    return all;
  }

  static List<DataFile> files(Table table, Snapshot snapshot) {
    List<DataFile> files = new ArrayList<>();
    if (snapshot == null) {
      return files;
    }
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshot.snapshotId()).includeColumnStats().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  List<SimulatedMessage> messages(Table table, DataFile file) {
    return rowsByFile.computeIfAbsent(file.location(), path -> read(table, file));
  }

  private List<SimulatedMessage> read(Table table, DataFile file) {
    List<SimulatedMessage> messages = new ArrayList<>();
    long batch = file.partition().get(0, Long.class);
    for (Record row : records(table, file)) {
      int partition = (Integer) row.getField(EventSchema.KAFKA_PARTITION);
      long offset = (Long) row.getField(EventSchema.KAFKA_OFFSET);
      int index = (Integer) row.getField(EventSchema.KAFKA_INDEX);
      SimulatedMessage message = topic.at(partition, offset, index);
      messages.add(message);
      mustBeAsOffered(message, row, table.schema());
      if (!row.getField(EventSchema.BATCH_NUMBER).equals(batch)) {
        throw new AssertionError("invariant 6: a file of batch " + batch + " holds " + message);
      }
    }
    if (messages.size() != file.recordCount()) {
      throw new AssertionError(
          "invariant 4: " + file.location() + " is not as long as the table says");
    }
    return messages;
  }

  private static List<Record> records(Table table, DataFile file) {
    Schema schema = table.schema();
    CloseableIterable<Record> rows =
        file.format() == FileFormat.PARQUET
            ? Parquet.read(table.io().newInputFile(file.location()))
                .project(schema)
                .createReaderFunc(type -> GenericParquetReaders.buildReader(schema, type))
                .build()
            : Avro.read(table.io().newInputFile(file.location()))
                .project(schema)
                .createResolvingReader(PlannedDataReader::create)
                .build();
    try (rows) {
      List<Record> all = new ArrayList<>();
      rows.forEach(row -> all.add(row.copy()));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void mustBeAsOffered(SimulatedMessage message, Record row, Schema schema) {
    GenericRecord offered = Rows.decode(message.received().event.row);
    schema
        .columns()
        .forEach(
            column -> {
              Object found = row.getField(column.name());
              Object plain =
                  found instanceof OffsetDateTime time
                      ? ChronoUnit.MICROS.between(OffsetDateTime.parse("1970-01-01T00:00Z"), time)
                      : found;
              Object expected = offered.get(column.name());
              boolean mayBeMarked =
                  column.name().equals(EventSchema.CONFLICTING)
                      && message.rule() == ConflictRule.KEEP_BOTH
                      && Boolean.TRUE.equals(plain);
              if (!mayBeMarked && !String.valueOf(plain).equals(String.valueOf(expected))) {
                throw new AssertionError(
                    "invariant 4: "
                        + message
                        + ": "
                        + column.name()
                        + " is "
                        + plain
                        + ", was "
                        + expected);
              }
            });
  }
}
