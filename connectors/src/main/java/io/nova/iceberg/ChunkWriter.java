package io.nova.iceberg;

import io.nova.event.audit.AuditDigest;
import io.nova.event.audit.AuditedIdentity;
import io.nova.event.row.EventSchema;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.UUID;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.parquet.avro.AvroWriteSupport;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * A writer that merges block files into a chunk: Parquet with Iceberg's field ids, zstd,
 * statistics, and Bloom filters on the id columns. Rows are sorted by app, event type and event
 * time within runs that fit in memory.
 *
 * <p>Memory: two to three times the bytes of a run, since its array doubles when it grows and each
 * row has a key object, and in addition Parquet's own buffers. Not thread safe.
 */
public final class ChunkWriter {
  /** Columns whose values are almost unique, so that a dictionary gains nothing. */
  private static final List<String> UNIQUE = List.of(EventSchema.KAFKA_OFFSET, "insert_id", "uuid");

  private static final List<String> BLOOM_FILTERS =
      List.of("user", "insert_id", "uuid", "device_id", "user_id");

  /** Small, so that a sorted row group has few apps and event types, and filters can skip it. */
  private static final int ROW_GROUP_ROWS = 20_000;

  private static final MessageType PARQUET =
      ParquetSchemaUtil.convert(AvroSchemaUtil.toIceberg(EventSchema.avro()), "event");

  private final Configuration hadoop;
  private final String folder;
  private final int runBytes;
  private final SortRun run = new SortRun();

  /**
   * A writer for one table.
   *
   * @param folder the table's data folder
   * @param runBytes bytes of rows that are sorted together
   */
  public ChunkWriter(Configuration hadoop, String folder, int runBytes) {
    this.hadoop = hadoop;
    this.folder = folder;
    this.runBytes = runBytes;
  }

  /**
   * Merges block files of one batch. If that fails, the chunk is deleted.
   *
   * @return the closed chunk
   * @throws UncheckedIOException if a file cannot be read or the chunk cannot be written
   */
  public Chunk merge(long batchNumber, List<BlockFile> files) {
    Path path =
        new Path(
            folder + "/batch_number=" + batchNumber + "/chunk-" + UUID.randomUUID() + ".parquet");
    run.clear();
    AuditDigest digest = new AuditDigest();
    long rows = 0;
    long expected = files.stream().mapToLong(BlockFile::rows).sum();
    BlockFileReader reader = new BlockFileReader(hadoop);
    try {
      try (ParquetWriter<GenericRecord> parquet = open(path, expected)) {
        for (BlockFile file : files) {
          reader.read(
              file,
              (app, type, micros, source, offset, length) -> {
                if (run.sizeBytes() + length > runBytes) {
                  drain(parquet, digest);
                }
                run.add(app, type, micros, source, offset, length);
              });
          rows += file.rows();
        }
        drain(parquet, digest);
      }
      long size = path.getFileSystem(hadoop).getFileStatus(path).getLen();
      return new Chunk(path.toString(), size, rows, batchNumber, digest.hex(), files);
    } catch (IOException e) {
      Leftovers.delete(hadoop, path, e);
      throw new UncheckedIOException("Chunk " + path + " could not be written", e);
    } catch (RuntimeException | Error e) {
      Leftovers.delete(hadoop, path, e);
      throw e;
    }
  }

  private void drain(ParquetWriter<GenericRecord> parquet, AuditDigest digest) {
    GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(EventSchema.avro());
    byte[] bytes = run.bytes();
    BinaryDecoder decoder = null;
    GenericRecord record = null;
    try {
      for (SortRun.Row row : run.sorted()) {
        decoder = DecoderFactory.get().binaryDecoder(bytes, row.start(), row.length(), decoder);
        record = reader.read(record, decoder);
        parquet.write(record);
        digest.add(audited(record));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    run.clear();
  }

  private static AuditedIdentity audited(GenericRecord row) {
    return new AuditedIdentity(
        (Long) row.get("app"),
        (Long) row.get("event_id"),
        (Long) row.get("client_event_time"),
        text(row, "device_id"),
        text(row, "insert_id"),
        text(row, "uuid"));
  }

  private static @Nullable String text(GenericRecord row, String column) {
    Object value = row.get(column);
    return value == null ? null : value.toString();
  }

  private ParquetWriter<GenericRecord> open(Path path, long rows) throws IOException {
    Builder builder =
        new Builder(HadoopOutputFile.fromPath(path, hadoop))
            .withConf(hadoop)
            .withRowGroupRowCountLimit(ROW_GROUP_ROWS)
            .withSizeStatisticsEnabled(false)
            .withCompressionCodec(CompressionCodecName.ZSTD);
    // Each row group has a filter of its own, whatever the size of the chunk.
    long distinct = Math.max(1, Math.min(rows, ROW_GROUP_ROWS));
    for (String column : BLOOM_FILTERS) {
      builder.withBloomFilterEnabled(column, true).withBloomFilterNDV(column, distinct);
    }
    UNIQUE.forEach(column -> builder.withDictionaryEncoding(column, false));
    return builder.build();
  }

  /** Parquet's builder for a message type with field ids. */
  private static final class Builder extends ParquetWriter.Builder<GenericRecord, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    @SuppressWarnings("deprecation") // abstract in Parquet's builder, so it must be here
    protected WriteSupport<GenericRecord> getWriteSupport(Configuration conf) {
      return support();
    }

    @Override
    protected WriteSupport<GenericRecord> getWriteSupport(ParquetConfiguration conf) {
      return support();
    }

    private static WriteSupport<GenericRecord> support() {
      return new AvroWriteSupport<>(PARQUET, EventSchema.avro(), GenericData.get());
    }
  }
}
