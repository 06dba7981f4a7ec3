package io.nova.workload.input;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a stream of bytes. A line ends at {@code \n} or at the end of the stream; one {@code
 * \r} before the {@code \n} belongs to the line end. One line at a time is in memory. For one
 * thread.
 */
final class LineReader {
  /** The longest line that is read: 256 MiB. */
  static final int MAX_LINE_BYTES = 256 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[1 << 17];
  private int start;
  private int end;
  private boolean atEnd;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line without its line end; null after the last one. */
  byte @Nullable [] next() throws IOException {
    int from = start;
    while (true) {
      for (int i = from; i < end; i++) {
        if (buffer[i] == '\n') {
          return cut(i, i + 1);
        }
      }
      from = end - start;
      if (atEnd || !fill()) {
        return start == end ? null : lastLine();
      }
      from += start;
    }
  }

  private byte[] cut(int lineEnd, int nextStart) {
    int stop = lineEnd > start && buffer[lineEnd - 1] == '\r' ? lineEnd - 1 : lineEnd;
    byte[] line = Arrays.copyOfRange(buffer, start, stop);
    start = nextStart;
    return line;
  }

  private byte[] lastLine() {
    byte[] line = Arrays.copyOfRange(buffer, start, end);
    start = end;
    return line;
  }

  /** Moves the unread bytes to the front, makes room, and reads; false at the end of the stream. */
  private boolean fill() throws IOException {
    int left = end - start;
    byte[] target = left < buffer.length ? buffer : new byte[grown()];
    System.arraycopy(buffer, start, target, 0, left);
    buffer = target;
    start = 0;
    end = left;
    int read = in.read(buffer, end, buffer.length - end);
    atEnd = read < 0;
    end += Math.max(read, 0);
    return !atEnd;
  }

  private int grown() throws IOException {
    if (buffer.length >= MAX_LINE_BYTES) {
      throw new IOException(
          "found a line of more than %,d bytes, expected JSON lines".formatted(MAX_LINE_BYTES));
    }
    return buffer.length * 2;
  }
}
