package io.nova.event.row;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.avro.io.BinaryData;

/**
 * A growing array to which values are appended in Avro's binary encoding. Avro's own encoders write
 * to a stream, byte by byte. Not thread safe.
 */
final class RowBuffer {
  /** The most bytes of a number, a double or the mark of an optional value. */
  private static final int LONGEST = 10;

  private byte[] bytes = new byte[1024];
  private int size;

  void clear() {
    size = 0;
  }

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  /** Appends the mark of an optional value that is absent. */
  void absent() {
    mark(0);
  }

  /** Appends the mark of an optional value, which follows. */
  void present() {
    mark(2);
  }

  private void mark(int branch) {
    reserve(1);
    bytes[size++] = (byte) branch;
  }

  void number(long number) {
    reserve(LONGEST);
    size += BinaryData.encodeLong(number, bytes, size);
  }

  void real(double number) {
    reserve(LONGEST);
    size += BinaryData.encodeDouble(number, bytes, size);
  }

  void flag(boolean flag) {
    reserve(1);
    size += BinaryData.encodeBoolean(flag, bytes, size);
  }

  void text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    text(utf8, 0, utf8.length);
  }

  /** Appends the text whose UTF-8 bytes are {@code source[start, end)}. */
  void text(byte[] source, int start, int end) {
    int length = end - start;
    number(length);
    reserve(length);
    System.arraycopy(source, start, bytes, size, length);
    size += length;
  }

  private void reserve(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), 2 * bytes.length));
    }
  }
}
