package io.nova.sql;

import io.nova.event.identity.FingerprintKey;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TableRules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.RewriteFiles;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.UpdateProperties;
import org.apache.iceberg.avro.Avro;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.avro.DataWriter;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * A warehouse with Nova's table, written by Iceberg's own generic writers. No job made its
 * snapshots.
 */
public final class IcebergWarehouse {
  public static final Schema SCHEMA = AvroSchemaUtil.toIceberg(EventSchema.avro());

  private static final TableRules RULES =
      new TableRules(128, Duration.ofMinutes(5), Duration.ofDays(1), FingerprintKey.draw());

  private static final Map<String, String> PROPERTIES =
      Map.of(
          "write.parquet.compression-codec", "zstd",
          "write.parquet.row-group-size-bytes", "524288",
          "write.parquet.row-group-check-min-record-count", "100",
          "write.parquet.row-group-check-max-record-count", "100",
          "write.parquet.dict-size-bytes", "4096",
          "write.parquet.bloom-filter-max-bytes", "32768",
          "write.parquet.bloom-filter-enabled.column.device_id", "true");

  private final Path folder;
  private final Table table;

  public IcebergWarehouse(Path folder) {
    this.folder = folder;
    this.table = EventTable.findOrCreate(folder.toString(), RULES).iceberg();
    UpdateProperties properties = table.updateProperties();
    PROPERTIES.forEach(properties::set);
    properties.commit();
  }

  /** The stored columns that SQL shows, in the order of the schema. */
  static List<String> sqlColumns() {
    return SCHEMA.columns().stream()
        .map(Types.NestedField::name)
        .filter(name -> !name.equals(EventSchema.FINGERPRINT))
        .toList();
  }

  /** Marks a batch and those before it as completed. Their rows stay. */
  public void complete(long batch) {
    TestHandoff.complete(table(), batch);
  }

  public String location() {
    return folder.toString();
  }

  public Table table() {
    table.refresh();
    return table;
  }

  /** Commits these rows as one Avro block file. */
  public void appendBlockFile(List<Record> rows) {
    table.newAppend().appendFile(write(rows, FileFormat.AVRO)).commit();
  }

  /** Commits these rows as one Parquet chunk of several row groups. */
  public void appendChunk(List<Record> rows) {
    table.newAppend().appendFile(write(rows, FileFormat.PARQUET)).commit();
  }

  /** Replaces every block file of a batch by one chunk with the same rows. */
  public void mergeBlockFiles(long batchNumber, List<Record> rows) {
    RewriteFiles rewrite = table.newRewrite();
    files().stream()
        .filter(file -> file.format() == FileFormat.AVRO)
        .filter(file -> file.partition().get(0, Long.class) == batchNumber)
        .forEach(rewrite::deleteFile);
    rewrite.addFile(write(rows, FileFormat.PARQUET)).commit();
  }

  public List<DataFile> files() {
    ArrayList<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table().newScan().includeColumnStats().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }

  List<String> chunkPaths() {
    return files().stream()
        .filter(file -> file.format() == FileFormat.PARQUET)
        .map(DataFile::location)
        .toList();
  }

  /** Every row of the table by Iceberg's generic reader, which shares no code with the source. */
  List<Record> readByIceberg() {
    ArrayList<Record> rows = new ArrayList<>();
    try (CloseableIterable<Record> all = IcebergGenerics.read(table()).build()) {
      all.forEach(rows::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return rows;
  }

  private DataFile write(List<Record> rows, FileFormat format) {
    long batch = (Long) rows.get(0).getField("batch_number");
    String path =
        table.location()
            + "/data/"
            + UUID.randomUUID()
            + "."
            + format.name().toLowerCase(Locale.ROOT);
    OutputFile out = table.io().newOutputFile(path);
    try {
      FileAppender<Record> appender = format == FileFormat.AVRO ? avro(out) : parquet(out);
      try (appender) {
        appender.addAll(rows);
      }
      PartitionData partition = new PartitionData(table.spec().partitionType());
      partition.set(0, batch);
      return DataFiles.builder(table.spec())
          .withPath(path)
          .withFormat(format)
          .withFileSizeInBytes(appender.length())
          .withMetrics(format == FileFormat.AVRO ? blockMetrics(rows) : appender.metrics())
          .withSplitOffsets(appender.splitOffsets())
          .withPartition(partition)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The metrics that the job records of a block file: its rows and its upload times. */
  private static Metrics blockMetrics(List<Record> rows) {
    Types.NestedField field = SCHEMA.findField("server_upload_time");
    List<Long> micros =
        rows.stream()
            .map(row -> ChronoUnit.MICROS.between(Instant.EPOCH, TestEvents.uploadTime(row)))
            .toList();
    return new Metrics(
        (long) rows.size(),
        null,
        null,
        null,
        null,
        Map.of(field.fieldId(), Conversions.toByteBuffer(field.type(), Collections.min(micros))),
        Map.of(field.fieldId(), Conversions.toByteBuffer(field.type(), Collections.max(micros))));
  }

  private static FileAppender<Record> avro(OutputFile out) throws IOException {
    return Avro.write(out)
        .schema(SCHEMA)
        .set("write.avro.compression-codec", "zstd")
        .createWriterFunc(DataWriter::create)
        .build();
  }

  private FileAppender<Record> parquet(OutputFile out) throws IOException {
    return Parquet.write(out)
        .schema(SCHEMA)
        .setAll(table.properties())
        .metricsConfig(MetricsConfig.forTable(table))
        .createWriterFunc(GenericParquetWriter::create)
        .build();
  }
}
