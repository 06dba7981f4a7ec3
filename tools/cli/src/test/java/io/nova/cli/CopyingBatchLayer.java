package io.nova.cli;

import io.nova.iceberg.BatchTable;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.TagRows;
import java.io.IOException;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;

/** A batch layer that copies the rows of a tag with Iceberg's own API. */
final class CopyingBatchLayer {
  private final EventTable events;
  private final Table table;

  private CopyingBatchLayer(EventTable events, Table table) {
    this.events = events;
    this.table = table;
  }

  /** Makes the empty table of the batch layer, with the columns of the events. */
  static CopyingBatchLayer in(String warehouse) {
    EventTable events = EventTable.find(warehouse).orElseThrow();
    Schema schema = events.iceberg().schema();
    return new CopyingBatchLayer(
        events,
        new HadoopCatalog(new org.apache.hadoop.conf.Configuration(), warehouse)
            .createTable(
                BatchTable.NAME,
                schema,
                PartitionSpec.builderFor(schema).identity("batch_number").build()));
  }

  /** Replaces a batch by the rows of its tag, in one snapshot. */
  void run(long batch) throws IOException {
    table.refresh();
    table
        .newOverwrite()
        .overwriteByRowFilter(Expressions.equal("batch_number", batch))
        .addFile(copy(batch))
        .commit();
  }

  private DataFile copy(long batch) throws IOException {
    PartitionData partition = new PartitionData(table.spec().partitionType());
    partition.set(0, batch);
    DataWriter<Record> writer =
        Parquet.writeData(
                table
                    .io()
                    .newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet"))
            .schema(table.schema())
            .withSpec(table.spec())
            .withPartition(partition)
            .metricsConfig(MetricsConfig.forTable(table))
            .createWriterFunc(GenericParquetWriter::create)
            .build();
    try (writer) {
      new TagRows(events.refresh().iceberg(), batch).forEach(writer::write, columns());
    }
    return writer.toDataFile();
  }

  private String[] columns() {
    return table.schema().columns().stream().map(Types.NestedField::name).toArray(String[]::new);
  }
}
