package io.nova.workload.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * The content of a gzip stream of one or more members (RFC 1952). It reads to the end of its
 * source, also where a pipe pauses between members. Zeros after the last member are padding. Other
 * bytes there, a damaged or cut member, and a wrong checksum are a {@link ZipException} or an
 * {@link EOFException}. For one thread.
 *
 * <p>The JDK's reader takes a pause, and any damage of a later header, for the end.
 */
final class GzipStream extends InputStream {
  private static final int MAGIC_1 = 0x1f;
  private static final int MAGIC_2 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA_FIELD = 4;
  private static final int FILE_NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int HEADER_REST = 6;
  private static final int BUFFER_BYTES = 1 << 16;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final byte[] single = new byte[1];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 content = new CRC32();
  private final CRC32 header = new CRC32();
  private int position;
  private int limit;
  private long member = 1;
  private boolean ended;

  /** Reads the first member's header. Closing the stream closes {@code in}. */
  GzipStream(InputStream in) throws IOException {
    this.in = in;
    if (nextOrEnd() != MAGIC_1) {
      throw damaged("not gzip");
    }
    readHeader();
  }

  @Override
  public int read() throws IOException {
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (!ended) {
      int count = inflate(target, offset, length);
      if (count > 0) {
        content.update(target, offset, count);
        return count;
      }
      if (inflater.finished()) {
        position = limit - inflater.getRemaining();
        readTrailer();
        startNextMember();
      } else if (inflater.needsDictionary()) {
        throw damaged("asks for a dictionary");
      } else {
        fill();
        inflater.setInput(buffer, 0, limit);
      }
    }
    return -1;
  }

  private int inflate(byte[] target, int offset, int length) throws ZipException {
    try {
      return inflater.inflate(target, offset, length);
    } catch (DataFormatException e) {
      ZipException failure = damaged("damaged: " + e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }

  private void readTrailer() throws IOException {
    if (littleEndian(4) != content.getValue()) {
      throw damaged("its checksum does not fit its content");
    }
    if (littleEndian(4) != (inflater.getBytesWritten() & 0xffff_ffffL)) {
      throw damaged("its length does not fit its content");
    }
  }

  private void startNextMember() throws IOException {
    int first = nextOrEnd();
    if (first < 0) {
      ended = true;
    } else if (first == 0) {
      requireZerosToTheEnd();
      ended = true;
    } else {
      member++;
      if (first != MAGIC_1) {
        throw damaged("found bytes that are not gzip in its place");
      }
      readHeader();
    }
  }

  private void requireZerosToTheEnd() throws IOException {
    for (int found = 0; found >= 0; found = nextOrEnd()) {
      if (found != 0) {
        throw damaged("found more bytes after it and a padding of zeros");
      }
    }
  }

  /** Reads the header after its first byte, and makes ready for the content. */
  private void readHeader() throws IOException {
    header.reset();
    header.update(MAGIC_1);
    if (next() != MAGIC_2) {
      throw damaged("found bytes that are not gzip in its place");
    }
    int method = next();
    int flags = next();
    if (method != DEFLATE || (flags & RESERVED) != 0) {
      throw damaged("damaged header: method %d, flags %#x".formatted(method, flags));
    }
    skip(HEADER_REST);
    if ((flags & EXTRA_FIELD) != 0) {
      skip((int) littleEndian(2));
    }
    if ((flags & FILE_NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    long checksum = header.getValue() & 0xffff;
    if ((flags & HEADER_CHECKSUM) != 0 && littleEndian(2) != checksum) {
      throw damaged("damaged header: its checksum does not fit");
    }
    content.reset();
    inflater.reset();
    inflater.setInput(buffer, position, limit - position);
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      next();
    }
  }

  private void skipText() throws IOException {
    while (next() != 0) {
      // The text ends with a zero.
    }
  }

  private long littleEndian(int count) throws IOException {
    long value = 0;
    for (int i = 0; i < count; i++) {
      value |= (long) next() << (8 * i);
    }
    return value;
  }

  private int next() throws IOException {
    if (position == limit) {
      fill();
    }
    int value = buffer[position++] & 0xff;
    header.update(value);
    return value;
  }

  private int nextOrEnd() throws IOException {
    if (position == limit && !filled()) {
      return -1;
    }
    return buffer[position++] & 0xff;
  }

  private void fill() throws IOException {
    if (!filled()) {
      throw new EOFException("gzip member %,d is cut off".formatted(member));
    }
  }

  private boolean filled() throws IOException {
    int count = in.read(buffer, 0, buffer.length);
    position = 0;
    limit = Math.max(count, 0);
    return count > 0;
  }

  private ZipException damaged(String what) {
    return new ZipException("gzip member %,d: %s".formatted(member, what));
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
