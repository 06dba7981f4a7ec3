package io.nova.workload.input;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;

/**
 * Finds the upload time in the bytes of an export record without parsing it, to the second. It is
 * the value of the first {@code "server_upload_time"}. Only the pace of sending depends on it.
 */
final class UploadTimes {
  private static final byte[] KEY = "\"server_upload_time\"".getBytes(StandardCharsets.US_ASCII);
  private static final int TIME_LENGTH = "2026-03-02 10:05:00".length();
  private static final String SHAPE = "0000-00-00 00:00:00";

  private UploadTimes() {}

  /** The upload time in microseconds since 1970, or {@link Message#UNKNOWN_TIME}. */
  static long micros(byte[] line) {
    int at = indexOfKey(line);
    if (at < 0) {
      return Message.UNKNOWN_TIME;
    }
    int i = at + KEY.length;
    while (i < line.length && (line[i] == ' ' || line[i] == ':' || line[i] == '"')) {
      i++;
    }
    return i + TIME_LENGTH <= line.length && hasShape(line, i)
        ? parse(line, i)
        : Message.UNKNOWN_TIME;
  }

  private static int indexOfKey(byte[] line) {
    for (int i = 0; i <= line.length - KEY.length; i++) {
      // The letter v is rarer than a quote: one comparison rules out most places.
      if (line[i + 4] == 'v' && matches(line, i)) {
        return i;
      }
    }
    return -1;
  }

  private static boolean matches(byte[] line, int at) {
    for (int i = 0; i < KEY.length; i++) {
      if (line[at + i] != KEY[i]) {
        return false;
      }
    }
    return true;
  }

  private static boolean hasShape(byte[] line, int at) {
    for (int i = 0; i < TIME_LENGTH; i++) {
      byte found = line[at + i];
      boolean fits =
          switch (SHAPE.charAt(i)) {
            case '0' -> found >= '0' && found <= '9';
            case ' ' -> found == ' ' || found == 'T';
            default -> found == SHAPE.charAt(i);
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static long parse(byte[] line, int at) {
    try {
      LocalDateTime time =
          LocalDateTime.of(
              number(line, at, 4),
              number(line, at + 5, 2),
              number(line, at + 8, 2),
              number(line, at + 11, 2),
              number(line, at + 14, 2),
              number(line, at + 17, 2));
      return TimeUnit.SECONDS.toMicros(time.toEpochSecond(ZoneOffset.UTC));
    } catch (DateTimeException e) {
      return Message.UNKNOWN_TIME;
    }
  }

  private static int number(byte[] line, int at, int digits) {
    int number = 0;
    for (int i = at; i < at + digits; i++) {
      number = number * 10 + line[i] - '0';
    }
    return number;
  }
}
