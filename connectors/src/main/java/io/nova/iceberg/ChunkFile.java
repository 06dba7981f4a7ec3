package io.nova.iceberg;

import io.nova.event.audit.AuditDigest;
import io.nova.event.row.EventSchema;
import io.nova.event.row.RowBatch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * A Parquet file that is written from encoded rows: zstd, checksums of pages, statistics, page
 * indexes, and a Bloom filter.
 *
 * <p>Not thread safe.
 */
final class ChunkFile implements AutoCloseable {
  /** Columns whose values are almost unique, so that a dictionary gains nothing. */
  private static final List<String> UNIQUE = List.of("client_event_time", "insert_id", "uuid");

  /** Queries look for it, and neither order nor dictionary excludes a row group. */
  private static final String BLOOM_FILTER = "insert_id";

  /** Small, so that a sorted row group has few apps and event types, and filters can skip it. */
  private static final int ROW_GROUP_ROWS = 20_000;

  static final MessageType SCHEMA =
      ParquetSchemaUtil.convert(AvroSchemaUtil.toIceberg(EventSchema.avro()), "event");

  private final RowBatch batch = new RowBatch();
  private final ParquetProperties properties;
  private final CodecFactory codecs;
  private final ParquetFileWriter file;
  private final AuditDigest digest = new AuditDigest();
  private RowGroup group;
  private int groups;

  /**
   * Opens a new file.
   *
   * @param rows the number of rows that it will have
   */
  ChunkFile(Configuration hadoop, Path path, long rows) throws IOException {
    properties = properties(rows);
    codecs = new CodecFactory(hadoop, properties.getPageSizeThreshold());
    file =
        new ParquetFileWriter(
            HadoopOutputFile.fromPath(path, hadoop),
            SCHEMA,
            ParquetFileWriter.Mode.CREATE,
            ParquetWriter.DEFAULT_BLOCK_SIZE,
            ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
            null,
            properties);
    file.start();
    group = new RowGroup();
  }

  private static ParquetProperties properties(long rows) {
    ParquetProperties.Builder builder =
        ParquetProperties.builder()
            .withValuesWriterFactory(new ChunkEncodings())
            .withSizeStatisticsEnabled(false);
    // Each row group has a filter of its own, whatever the size of the chunk.
    long distinct = Math.max(1, Math.min(rows, ROW_GROUP_ROWS));
    builder.withBloomFilterEnabled(BLOOM_FILTER, true).withBloomFilterNDV(BLOOM_FILTER, distinct);
    UNIQUE.forEach(column -> builder.withDictionaryEncoding(column, false));
    return builder.build();
  }

  /**
   * Adds a row.
   *
   * @param bytes an array that contains it, which must not change before {@link #flush}
   * @param offset index of its first byte
   */
  void add(byte[] bytes, int offset) throws IOException {
    if (batch.add(bytes, offset)) {
      flush(bytes);
    }
  }

  /** Writes the rows of this array that are still to be written. */
  void flush(byte[] bytes) throws IOException {
    group.columns.write(batch, bytes);
    for (int row = 0; row < batch.rows(); row++) {
      digest.add(batch, row, bytes);
    }
    group.rows += batch.rows();
    batch.clear();
    if (group.rows >= ROW_GROUP_ROWS) {
      group.write();
      group.close();
      group = new RowGroup();
    }
  }

  /** Ends the file. All rows must have been flushed. */
  void end() throws IOException {
    group.write();
    file.end(Map.of());
  }

  /** The audit digest of the rows that were flushed. */
  AuditDigest digest() {
    return digest;
  }

  @Override
  public void close() throws IOException {
    group.close();
    codecs.release();
    file.close();
  }

  /** The row group under way. */
  private final class RowGroup {
    private final ColumnChunkPageWriteStore pages;
    private final ColumnWriteStore store;
    private final ChunkColumns columns;
    private long rows;

    RowGroup() {
      CompressionCodecFactory.BytesInputCompressor zstd =
          codecs.getCompressor(CompressionCodecName.ZSTD);
      pages =
          new ColumnChunkPageWriteStore(
              zstd,
              SCHEMA,
              properties.getAllocator(),
              properties.getColumnIndexTruncateLength(),
              properties.getPageWriteChecksumEnabled(),
              null,
              groups++);
      store = properties.newColumnWriteStore(SCHEMA, pages, pages);
      columns = new ChunkColumns(SCHEMA, store);
    }

    void write() throws IOException {
      if (rows > 0) {
        file.startBlock(rows);
        store.flush();
        pages.flushToFileWriter(file);
        file.endBlock();
      }
    }

    void close() {
      store.close();
      pages.close();
    }
  }
}
