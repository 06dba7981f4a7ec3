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
 * indexes, and a Bloom filter. docs/internals/benchmarks.md has what was tried.
 *
 * <p>A row group is a sort run: the more rows share a dictionary, the smaller is the file. Within
 * it the page index says which pages have an app, an event type and an event time.
 *
 * <p>Not thread safe.
 */
final class ChunkFile implements AutoCloseable {
  /** Columns whose values are almost unique, so that a dictionary gains nothing. */
  private static final List<String> UNIQUE = List.of("client_event_time", "insert_id", "uuid");

  /** Queries look for it, and neither order nor dictionary excludes a row group. */
  private static final String BLOOM_FILTER = "insert_id";

  /** One to two bytes a row, since Parquet rounds a filter up to a power of two. */
  private static final double BLOOM_FILTER_MISSES = 0.05;

  /** Few, so that a query of one event type and an hour reads few rows of others. */
  private static final int PAGE_ROWS = 5_000;

  /** The users of a run fit in. A dictionary never has more bytes than the run. */
  private static final int DICTIONARY_BYTES = 8 << 20;

  static final MessageType SCHEMA =
      ParquetSchemaUtil.convert(AvroSchemaUtil.toIceberg(EventSchema.avro()), "event");

  private final RowBatch batch = new RowBatch();
  private final ParquetProperties properties = properties(1);
  private final CodecFactory codecs;
  private final ParquetFileWriter file;
  private final AuditDigest digest = new AuditDigest();
  private int groups;

  /** Opens a new file. */
  ChunkFile(Configuration hadoop, Path path) throws IOException {
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
  }

  /** The properties of a row group with this many rows. */
  private static ParquetProperties properties(int rows) {
    ParquetProperties.Builder builder =
        ParquetProperties.builder()
            .withValuesWriterFactory(new ChunkEncodings())
            .withDictionaryPageSize(DICTIONARY_BYTES)
            .withPageRowCountLimit(PAGE_ROWS)
            .withSizeStatisticsEnabled(false)
            .withBloomFilterEnabled(BLOOM_FILTER, true)
            .withBloomFilterNDV(BLOOM_FILTER, rows)
            .withBloomFilterFPP(BLOOM_FILTER, BLOOM_FILTER_MISSES);
    UNIQUE.forEach(column -> builder.withDictionaryEncoding(column, false));
    return builder.build();
  }

  /** Writes the rows of a run as a row group, in their order. */
  void write(SortRun run) throws IOException {
    List<SortRun.Row> rows = run.sorted();
    if (rows.isEmpty()) {
      return;
    }
    try (RowGroup group = new RowGroup(rows.size())) {
      for (SortRun.Row row : rows) {
        if (batch.add(run.bytes(), row.start())) {
          group.add(run.bytes());
        }
      }
      group.add(run.bytes());
      group.write();
    }
  }

  /** Ends the file. */
  void end() throws IOException {
    file.end(Map.of());
  }

  /** The audit digest of the rows that were flushed. */
  AuditDigest digest() {
    return digest;
  }

  @Override
  public void close() throws IOException {
    codecs.release();
    file.close();
  }

  /** The row group under way. */
  private final class RowGroup implements AutoCloseable {
    private final int rows;
    private final ColumnChunkPageWriteStore pages;
    private final ColumnWriteStore store;
    private final ChunkColumns columns;

    RowGroup(int rows) {
      this.rows = rows;
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
      store = properties(rows).newColumnWriteStore(SCHEMA, pages, pages);
      columns = new ChunkColumns(SCHEMA, store);
    }

    /** Adds the rows of the batch, which lie in this array. */
    void add(byte[] bytes) {
      columns.write(batch, bytes);
      for (int row = 0; row < batch.rows(); row++) {
        digest.add(batch, row, bytes);
      }
      batch.clear();
    }

    void write() throws IOException {
      file.startBlock(rows);
      store.flush();
      pages.flushToFileWriter(file);
      file.endBlock();
    }

    @Override
    public void close() {
      store.close();
      pages.close();
    }
  }
}
