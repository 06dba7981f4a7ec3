package io.nova.sql.source.reader;

import java.io.IOException;
import org.apache.flink.metrics.Counter;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;

/** A file that counts the bytes read from it. Bytes that are read twice count twice. */
final class CountedFile implements InputFile {
  private final InputFile file;
  private final Counter bytes;

  /** A file with this counter. */
  CountedFile(InputFile file, Counter bytes) {
    this.file = file;
    this.bytes = bytes;
  }

  @Override
  public long getLength() {
    return file.getLength();
  }

  @Override
  public SeekableInputStream newStream() {
    return new CountedStream(file.newStream(), bytes);
  }

  @Override
  public String location() {
    return file.location();
  }

  @Override
  public boolean exists() {
    return file.exists();
  }

  private static final class CountedStream extends SeekableInputStream {
    private final SeekableInputStream stream;
    private final Counter bytes;

    CountedStream(SeekableInputStream stream, Counter bytes) {
      this.stream = stream;
      this.bytes = bytes;
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public void seek(long position) throws IOException {
      stream.seek(position);
    }

    @Override
    public int read() throws IOException {
      int value = stream.read();
      if (value >= 0) {
        bytes.inc();
      }
      return value;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int count = stream.read(buffer, offset, length);
      if (count > 0) {
        bytes.inc(count);
      }
      return count;
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}
