package io.nova.iceberg;

import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Table;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;

/** Iceberg's descriptions of block files and chunks, with the statistics that queries prune by. */
public final class EventDataFiles {
  private static final String UPLOAD_TIME = "server_upload_time";

  private final Table table;
  private final Configuration hadoop = Storage.configuration();

  /** Descriptions for one table. */
  public EventDataFiles(Table table) {
    this.table = table;
  }

  /** Describes a block file. Its bounds are exact: some engines answer MIN and MAX from bounds. */
  public DataFile of(BlockFile file) {
    int field = table.schema().findField(UPLOAD_TIME).fieldId();
    Metrics metrics =
        new Metrics(
            file.rows(),
            null,
            null,
            null,
            null,
            Map.of(field, micros(file.uploadFromMicros())),
            Map.of(field, micros(file.uploadToMicros() - 1)));
    return DataFiles.builder(table.spec())
        .withPath(file.path())
        .withFormat(FileFormat.AVRO)
        .withFileSizeInBytes(file.sizeBytes())
        .withPartitionValues(List.of(Long.toString(file.batchNumber())))
        .withMetrics(metrics)
        .build();
  }

  /**
   * Describes a chunk by the statistics of its footer.
   *
   * @throws IllegalStateException if the footer and the chunk differ in their row count
   * @throws UncheckedIOException if the footer cannot be read
   */
  public DataFile of(Chunk chunk) {
    ParquetMetadata footer = footer(chunk.path());
    Metrics metrics =
        ParquetUtil.footerMetrics(footer, Stream.empty(), MetricsConfig.forTable(table));
    if (metrics.recordCount() != chunk.rows()) {
      throw new IllegalStateException(
          "Chunk %s: %s rows, its description says %s. Not committed; its block files stay."
              .formatted(chunk.path(), metrics.recordCount(), chunk.rows()));
    }
    return DataFiles.builder(table.spec())
        .withPath(chunk.path())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(chunk.sizeBytes())
        .withPartitionValues(List.of(Long.toString(chunk.batchNumber())))
        .withMetrics(metrics)
        .withSplitOffsets(ParquetUtil.getSplitOffsets(footer))
        .build();
  }

  /** Describes a small chunk that leaves the table, without its statistics. */
  public DataFile of(SmallChunk chunk) {
    return DataFiles.builder(table.spec())
        .withPath(chunk.path())
        .withFormat(FileFormat.PARQUET)
        .withFileSizeInBytes(chunk.sizeBytes())
        .withPartitionValues(List.of(Long.toString(chunk.batchNumber())))
        .withRecordCount(chunk.rows())
        .build();
  }

  private ParquetMetadata footer(String path) {
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(new Path(path), hadoop))) {
      return reader.getFooter();
    } catch (IOException e) {
      throw new UncheckedIOException("Chunk " + path + " could not be read", e);
    }
  }

  private static ByteBuffer micros(long value) {
    return Conversions.toByteBuffer(Types.TimestampType.withZone(), value);
  }
}
