package io.nova.live.server;

import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import io.nova.iceberg.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableInput;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The encoded rows of one block file, read in ascending ranges. The file is open during a call
 * only, since nobody tells when the client of an answer has gone. Not thread safe.
 */
final class SealedRows {
  private static final int LAST_COLUMN = EventSchema.avro().getFields().size() - 1;

  private final String path;
  private final RowCursor cursor = new RowCursor();

  /** Where an Avro block of the file begins that is not after the next range, and its first row. */
  private long seenPosition;

  private long seenRow;

  /** A consumer of encoded rows. */
  interface RowConsumer {
    void row(byte[] bytes, int offset, int length);
  }

  SealedRows(String path) {
    this.path = path;
  }

  String path() {
    return path;
  }

  /**
   * Passes rows to a consumer.
   *
   * @param first number of rows before the first; not less than in the call before
   * @throws IOException if the file cannot be read or has fewer rows
   */
  void read(long first, long count, RowConsumer consumer) throws IOException {
    long end = first + count;
    try (DataFileReader<GenericRecord> avro =
        new DataFileReader<>(new Input(new Path(path)), new GenericDatumReader<>())) {
      if (seenPosition > 0) {
        avro.seek(seenPosition);
      }
      long row = seenRow;
      while (row < end) {
        long position = avro.previousSync();
        if (!avro.hasNext()) {
          throw new IOException(
              "Block file %s: %d rows, expected at least %d".formatted(path, row, end));
        }
        long rows = avro.getBlockCount();
        ByteBuffer block = avro.nextBlock();
        if (row + rows > first) {
          pass(block, row, Math.min(end, row + rows), first, consumer);
          seenPosition = position;
          seenRow = row;
        }
        row += rows;
      }
    }
  }

  private void pass(ByteBuffer block, long from, long end, long first, RowConsumer consumer) {
    int at = block.arrayOffset() + block.position();
    for (long row = from; row < end; row++) {
      cursor.move(block.array(), at, LAST_COLUMN);
      int next = cursor.end(LAST_COLUMN);
      if (row >= first) {
        consumer.row(block.array(), at, next - at);
      }
      at = next;
    }
  }

  /** A file as Avro reads it. */
  private static final class Input implements SeekableInput {
    private final FSDataInputStream in;
    private final long length;

    private Input(Path path) throws IOException {
      FileSystem files = path.getFileSystem(Storage.configuration());
      length = files.getFileStatus(path).getLen();
      in = files.open(path);
    }

    @Override
    public void seek(long position) throws IOException {
      in.seek(position);
    }

    @Override
    public long tell() throws IOException {
      return in.getPos();
    }

    @Override
    public long length() {
      return length;
    }

    @Override
    public int read(byte[] target, int offset, int count) throws IOException {
      return in.read(target, offset, count);
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
