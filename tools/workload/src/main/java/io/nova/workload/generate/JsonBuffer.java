package io.nova.workload.generate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer of JSON bytes. The caller escapes its text. For one thread. */
final class JsonBuffer {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final long DAY_MICROS = 86_400_000_000L;

  private byte[] bytes = new byte[4096];
  private int size;
  private long day = Long.MIN_VALUE;
  private byte[] dayText = new byte[0];

  JsonBuffer clear() {
    size = 0;
    return this;
  }

  int size() {
    return size;
  }

  byte[] toBytes() {
    return Arrays.copyOf(bytes, size);
  }

  JsonBuffer raw(byte[] text) {
    ensure(text.length);
    System.arraycopy(text, 0, bytes, size, text.length);
    size += text.length;
    return this;
  }

  /** Writes text as it is; ASCII text by a loop, which is faster than an encoder. */
  JsonBuffer raw(String text) {
    int length = text.length();
    ensure(length);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        size -= i;
        return raw(text.getBytes(StandardCharsets.UTF_8));
      }
      bytes[size++] = (byte) c;
    }
    return this;
  }

  /** A comma (unless the key is the object's first), the key and a colon. */
  JsonBuffer key(String key) {
    if (bytes[size - 1] != '{') {
      raw(",");
    }
    return raw("\"").raw(key).raw("\":");
  }

  JsonBuffer string(String text) {
    return raw("\"").raw(text).raw("\"");
  }

  JsonBuffer number(long value) {
    return raw(Long.toString(value));
  }

  /** A decimal number given in hundredths. */
  JsonBuffer hundredths(long value) {
    number(value / 100).raw(".");
    return digits(value % 100, 2);
  }

  JsonBuffer digits(long value, int count) {
    ensure(count);
    long rest = value;
    for (int i = size + count - 1; i >= size; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    size += count;
    return this;
  }

  JsonBuffer hex(long value, int count) {
    ensure(count);
    for (int i = 0; i < count; i++) {
      bytes[size++] = HEX[(int) (value >>> (60 - 4 * i)) & 15];
    }
    return this;
  }

  /** A UUID of version 4, without quotes. */
  JsonBuffer uuid(long high, long low) {
    hex(high, 8).raw("-").hex(high << 32, 4).raw("-4").hex(high << 48, 3).raw("-");
    return hex(0x8000000000000000L | (low >>> 2), 4).raw("-").hex(low << 16, 12);
  }

  /** A time as the export writes it, in quotes: {@code yyyy-MM-dd HH:mm:ss.SSSSSS}. */
  JsonBuffer time(long micros) {
    raw("\"");
    long inDay = date(micros);
    raw(" ");
    return clock(inDay).raw("\"");
  }

  /** The date without quotes; returns the microseconds since midnight. */
  long date(long micros) {
    long newDay = Math.floorDiv(micros, DAY_MICROS);
    if (newDay != day) {
      day = newDay;
      dayText = java.time.LocalDate.ofEpochDay(day).toString().getBytes(StandardCharsets.US_ASCII);
    }
    raw(dayText);
    return Math.floorMod(micros, DAY_MICROS);
  }

  JsonBuffer clock(long inDayMicros) {
    long seconds = inDayMicros / 1_000_000;
    digits(seconds / 3600, 2).raw(":").digits(seconds / 60 % 60, 2).raw(":");
    return digits(seconds % 60, 2).raw(".").digits(inDayMicros % 1_000_000, 6);
  }

  private void ensure(int more) {
    if (size + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
    }
  }
}
