package io.nova.iceberg;

import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import io.nova.event.row.RowFormat;
import io.nova.shard.BlockFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A reader of block files. It hands out encoded rows. Not thread safe. */
final class BlockFileReader {
  private static final int LAST_COLUMN = RowFormat.columns() - 1;

  private final Configuration hadoop;
  private final RowCursor cursor = new RowCursor();

  BlockFileReader(Configuration hadoop) {
    this.hadoop = hadoop;
  }

  /** A consumer of encoded rows. */
  interface RowConsumer {
    /** Takes the row at which the cursor is; the cursor moves on afterwards. */
    void row(RowCursor row) throws IOException;
  }

  /**
   * Hands all rows of a file to the consumer.
   *
   * @throws IllegalStateException if the schema or the row count is not the expected one
   * @throws UncheckedIOException if the file cannot be read
   */
  void read(BlockFile file, RowConsumer consumer) {
    Path path = new Path(file.path());
    long rows = 0;
    try (InputStream in = path.getFileSystem(hadoop).open(path);
        DataFileStream<GenericRecord> avro = new DataFileStream<>(in, new GenericDatumReader<>())) {
      if (!avro.getSchema().equals(EventSchema.avro())) {
        throw new IllegalStateException(
            ("Block file %s has another schema than this Nova writes. Not merged; the file stays as "
                    + "it is.")
                .formatted(path));
      }
      while (avro.hasNext()) {
        long count = avro.getBlockCount();
        read(avro.nextBlock(), count, consumer);
        rows += count;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Block file " + path + " could not be read", e);
    }
    if (rows != file.rows()) {
      throw new IllegalStateException(
          "Block file %s: %s rows, the table says %s. Not merged; the file stays as it is."
              .formatted(path, rows, file.rows()));
    }
  }

  private void read(ByteBuffer block, long count, RowConsumer consumer) throws IOException {
    int from = block.arrayOffset() + block.position();
    for (long i = 0; i < count; i++) {
      cursor.move(block.array(), from, LAST_COLUMN);
      from = cursor.end(LAST_COLUMN);
      consumer.row(cursor);
    }
  }
}
