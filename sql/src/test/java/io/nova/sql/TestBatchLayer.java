package io.nova.sql;

import io.nova.iceberg.BatchTable;
import io.nova.iceberg.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.OverwriteFiles;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/**
 * A batch layer that writes with Iceberg alone. Its table has the columns in another order, so with
 * other field ids, and not the places of the messages.
 */
public final class TestBatchLayer {
  private static final List<String> NOT_KEPT =
      List.of(
          "shard", "kafka_topic", "kafka_partition", "kafka_offset", "kafka_index", "fingerprint");

  private final Table table;

  private TestBatchLayer(Table table) {
    this.table = table;
  }

  /** Makes the table without rows. */
  public static TestBatchLayer create(String warehouse) {
    ArrayList<Types.NestedField> columns = new ArrayList<>(IcebergWarehouse.SCHEMA.columns());
    columns.removeIf(column -> NOT_KEPT.contains(column.name()));
    Collections.reverse(columns);
    Schema schema = new Schema(columns);
    return create(
        warehouse, schema, PartitionSpec.builderFor(schema).identity("batch_number").build());
  }

  /** Makes the table with any columns and partitioning. */
  static TestBatchLayer create(String warehouse, Schema schema, PartitionSpec spec) {
    Configuration hadoop = Storage.configuration();
    return new TestBatchLayer(
        new HadoopCatalog(hadoop, warehouse).createTable(BatchTable.NAME, schema, spec));
  }

  /** The table with its newest metadata. */
  public Table table() {
    table.refresh();
    return table;
  }

  /** Replaces the rows of a batch by these. */
  public void write(long batch, List<Record> rows) {
    OverwriteFiles overwrite =
        table().newOverwrite().overwriteByRowFilter(Expressions.equal("batch_number", batch));
    if (!rows.isEmpty()) {
      overwrite.addFile(file(batch, rows));
    }
    overwrite.commit();
  }

  private DataFile file(long batch, List<Record> rows) {
    String path = table.location() + "/data/" + UUID.randomUUID() + ".parquet";
    OutputFile out = table.io().newOutputFile(path);
    try {
      FileAppender<Record> appender =
          Parquet.write(out)
              .schema(table.schema())
              .metricsConfig(MetricsConfig.forTable(table))
              .createWriterFunc(GenericParquetWriter::create)
              .build();
      try (appender) {
        rows.forEach(row -> appender.add(copy(row)));
      }
      PartitionData partition = new PartitionData(table.spec().partitionType());
      partition.set(0, batch);
      return DataFiles.builder(table.spec())
          .withPath(path)
          .withFormat(FileFormat.PARQUET)
          .withFileSizeInBytes(appender.length())
          .withMetrics(appender.metrics())
          .withSplitOffsets(appender.splitOffsets())
          .withPartition(partition)
          .build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Record copy(Record row) {
    GenericRecord copy = GenericRecord.create(table.schema());
    table
        .schema()
        .columns()
        .forEach(column -> copy.setField(column.name(), row.getField(column.name())));
    return copy;
  }
}
