package io.nova.event.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The text of a row whose hash an {@link AuditDigest} adds, as ASCII. Reused. Not thread safe. */
final class AuditText {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] bytes = new byte[256];
  private int length;

  void clear() {
    length = 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  void comma() {
    append(',');
  }

  AuditText absent() {
    return append('-');
  }

  AuditText number(long value) {
    for (byte digit : Long.toString(value).getBytes(StandardCharsets.US_ASCII)) {
      append(digit);
    }
    return this;
  }

  AuditText hex(byte[] hash) {
    for (byte one : hash) {
      append(HEX[(one & 0xFF) >> 4]);
      append(HEX[one & 0xF]);
    }
    return this;
  }

  private AuditText append(int ascii) {
    if (length == bytes.length) {
      bytes = Arrays.copyOf(bytes, 2 * length);
    }
    bytes[length++] = (byte) ascii;
    return this;
  }
}
