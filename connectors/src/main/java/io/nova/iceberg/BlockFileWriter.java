package io.nova.iceberg;

import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockRules;
import io.nova.shard.SealedBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A writer of block files: Avro data files with {@link EventSchema#avro()} and zstd with checksums.
 * Intake encoded the rows already, so the writer copies bytes.
 *
 * <p>File names contain a random UUID, so two attempts never write the same file. A file that no
 * committed snapshot names is an orphan.
 */
public final class BlockFileWriter {
  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss").withZone(ZoneOffset.UTC);
  private static final int ZSTD_LEVEL = 1;
  private static final int AVRO_BLOCK_BYTES = 256 * 1024;

  private final Configuration hadoop;
  private final String folder;
  private final BlockRules rules;

  /**
   * A writer for one table.
   *
   * @param folder the table's data folder
   */
  public BlockFileWriter(Configuration hadoop, String folder, BlockRules rules) {
    this.hadoop = hadoop;
    this.folder = folder;
    this.rules = rules;
  }

  /**
   * Writes the sealed blocks of one interval, one after the other: the caller may produce each on
   * demand. If that fails, the file is deleted.
   *
   * @return the closed file
   * @throws UncheckedIOException if the file cannot be written completely
   */
  public BlockFile write(long interval, long batchNumber, Iterable<SealedBlock> blocks) {
    Path path =
        new Path(
            folder
                + "/batch_number="
                + batchNumber
                + "/block-"
                + START.format(rules.start(interval))
                + "-"
                + UUID.randomUUID()
                + ".avro");
    try {
      FileSystem files = path.getFileSystem(hadoop);
      List<BlockFile.Block> written = new ArrayList<>();
      UploadTimes times = write(files, path, blocks, written);
      return new BlockFile(
          path.toString(),
          files.getFileStatus(path).getLen(),
          times.rows,
          batchNumber,
          times.leastMicros,
          times.greatestMicros + 1,
          written);
    } catch (IOException e) {
      Leftovers.delete(hadoop, path, e);
      throw new UncheckedIOException("Block file " + path + " could not be written", e);
    } catch (RuntimeException | Error e) {
      Leftovers.delete(hadoop, path, e);
      throw e;
    }
  }

  private static UploadTimes write(
      FileSystem files, Path path, Iterable<SealedBlock> blocks, List<BlockFile.Block> written)
      throws IOException {
    UploadTimes times = new UploadTimes();
    try (FSDataOutputStream out = files.create(path, false);
        DataFileWriter<GenericRecord> avro = new DataFileWriter<>(new GenericDatumWriter<>())) {
      avro.setCodec(CodecFactory.zstandardCodec(ZSTD_LEVEL, true));
      avro.setSyncInterval(AVRO_BLOCK_BYTES);
      avro.create(EventSchema.avro(), out);
      for (SealedBlock block : blocks) {
        block.forEachRow(
            (high, low, bytes, offset, length) -> {
              append(avro, ByteBuffer.wrap(bytes, offset, length));
              times.add(bytes, offset);
            });
        written.add(new BlockFile.Block(block.shard(), block.sequence(), block.rows()));
      }
    }
    return times;
  }

  private static void append(DataFileWriter<GenericRecord> avro, ByteBuffer row) {
    try {
      avro.appendEncoded(row);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The count of a file's rows and the exact bounds of their upload times. */
  private static final class UploadTimes {
    private static final int COLUMN = EventSchema.position("server_upload_time");

    private final RowCursor row = new RowCursor();
    private long rows;
    private long leastMicros = Long.MAX_VALUE;
    private long greatestMicros = Long.MIN_VALUE;

    void add(byte[] encoded, int offset) {
      row.move(encoded, offset, COLUMN);
      if (!(row.value(COLUMN) instanceof Long micros)) {
        throw new IllegalStateException(
            "A row has no upload time. Every admitted event has one. The file is not used.");
      }
      rows++;
      leastMicros = Math.min(leastMicros, micros);
      greatestMicros = Math.max(greatestMicros, micros);
    }
  }
}
