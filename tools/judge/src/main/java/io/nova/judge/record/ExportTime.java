package io.nova.judge.record;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A time in one of the two forms of a record. The first is {@code yyyy-MM-dd HH:mm:ss} in UTC, with
 * up to nine digits of a fraction. The second is ISO-8601 with a {@code T} and an optional offset;
 * without one it is UTC. Named zones and texts of fewer than 19 characters are not times.
 *
 * @param micros microseconds since 1970, rounded down
 * @param exact whether the rounding lost nothing
 */
record ExportTime(long micros, boolean exact) {
  private static final String SHAPE = "0000-00-00 00:00:00";
  private static final int TIME_START = "2026-03-02T".length();
  private static final int MAX_FRACTION = 9;

  /** The time of a text; empty when it is not a time. */
  static Optional<ExportTime> of(String text) {
    if (text.length() < SHAPE.length()) {
      return Optional.empty();
    }
    try {
      return switch (text.charAt(TIME_START - 1)) {
        case ' ' -> hasShape(text) ? Optional.of(plain(text)) : Optional.empty();
        case 'T' -> Optional.of(of(iso(text)));
        default -> Optional.empty();
      };
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static boolean hasShape(String text) {
    for (int i = 0; i < SHAPE.length(); i++) {
      char expected = SHAPE.charAt(i);
      if (expected == '0' ? !isDigit(text, i) : text.charAt(i) != expected) {
        return false;
      }
    }
    return text.length() == SHAPE.length() || hasFraction(text);
  }

  private static boolean hasFraction(String text) {
    for (int i = SHAPE.length() + 1; i < text.length(); i++) {
      if (!isDigit(text, i)) {
        return false;
      }
    }
    int digits = text.length() - SHAPE.length() - 1;
    return text.charAt(SHAPE.length()) == '.' && digits >= 1 && digits <= MAX_FRACTION;
  }

  private static boolean isDigit(String text, int at) {
    return text.charAt(at) >= '0' && text.charAt(at) <= '9';
  }

  private static ExportTime plain(String text) {
    LocalDate day = LocalDate.of(number(text, 0, 4), number(text, 5, 2), number(text, 8, 2));
    LocalTime time = LocalTime.of(number(text, 11, 2), number(text, 14, 2), number(text, 17, 2));
    int digits = Math.max(0, text.length() - SHAPE.length() - 1);
    int nanos = number(text, SHAPE.length() + 1, digits);
    for (int i = digits; i < MAX_FRACTION; i++) {
      nanos *= 10;
    }
    long seconds = day.toEpochDay() * TimeUnit.DAYS.toSeconds(1) + time.toSecondOfDay();
    return new ExportTime(seconds * 1_000_000 + nanos / 1_000, nanos % 1_000 == 0);
  }

  private static int number(String text, int from, int digits) {
    int number = 0;
    for (int i = from; i < from + digits; i++) {
      number = number * 10 + text.charAt(i) - '0';
    }
    return number;
  }

  private static Instant iso(String text) {
    boolean zoned = text.endsWith("Z") || text.substring(TIME_START).matches(".*[+-].*");
    return zoned
        ? OffsetDateTime.parse(text).toInstant()
        : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  private static ExportTime of(Instant instant) {
    long micros = Math.multiplyExact(instant.getEpochSecond(), TimeUnit.SECONDS.toMicros(1));
    int nanos = instant.getNano();
    return new ExportTime(Math.addExact(micros, nanos / 1_000), nanos % 1_000 == 0);
  }
}
