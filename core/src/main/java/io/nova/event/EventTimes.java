package io.nova.event;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times of the export record: {@code yyyy-MM-dd HH:mm:ss[.fraction]} in UTC, or ISO 8601
 * with a {@code T}. A time without a zone is in UTC.
 */
public final class EventTimes {
  private static final int SECONDS_LENGTH = "yyyy-MM-dd HH:mm:ss".length();
  private static final int MAX_FRACTION_DIGITS = 9;
  private static final long MICROS_PER_SECOND = 1_000_000L;
  private static final long SECONDS_PER_DAY = 86_400L;

  private EventTimes() {}

  /**
   * A time that was read.
   *
   * @param micros microseconds since 1970, rounded down
   * @param exact false where the text was finer than a microsecond
   */
  public record EventTime(long micros, boolean exact) {}

  /** The time in a text; empty where it is not a time. */
  public static Optional<EventTime> parse(String text) {
    if (text.length() < SECONDS_LENGTH) {
      return Optional.empty();
    }
    return switch (text.charAt(10)) {
      case ' ' -> Optional.ofNullable(plain(text));
      case 'T' -> Optional.ofNullable(iso(text));
      default -> Optional.empty();
    };
  }

  private static @Nullable EventTime plain(String text) {
    if (text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(13) != ':'
        || text.charAt(16) != ':') {
      return null;
    }
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = digits(text, 11, 13);
    int minute = digits(text, 14, 16);
    int second = digits(text, 17, 19);
    int nanos = nanos(text);
    if ((year | month | day | hour | minute | second | nanos) < 0
        || hour > 23
        || minute > 59
        || second > 59
        || month < 1
        || month > 12
        || day < 1
        || day > LocalDate.of(year, month, 1).lengthOfMonth()) {
      return null;
    }
    long seconds =
        LocalDate.of(year, month, day).toEpochDay() * SECONDS_PER_DAY
            + hour * 3600L
            + minute * 60L
            + second;
    return new EventTime(seconds * MICROS_PER_SECOND + nanos / 1000, nanos % 1000 == 0);
  }

  /** The number in {@code text[from, to)}, or -1 where that is not all digits. */
  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  /** The fraction after the seconds in nanoseconds, or -1 where the rest is not a fraction. */
  private static int nanos(String text) {
    if (text.length() == SECONDS_LENGTH) {
      return 0;
    }
    int count = text.length() - SECONDS_LENGTH - 1;
    if (text.charAt(SECONDS_LENGTH) != '.' || count < 1 || count > MAX_FRACTION_DIGITS) {
      return -1;
    }
    int value = digits(text, SECONDS_LENGTH + 1, text.length());
    for (int i = count; i < MAX_FRACTION_DIGITS && value > 0; i++) {
      value *= 10;
    }
    return value;
  }

  private static @Nullable EventTime iso(String text) {
    try {
      Instant instant =
          hasZone(text)
              ? OffsetDateTime.parse(text).toInstant()
              : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
      long micros =
          Math.addExact(
              Math.multiplyExact(instant.getEpochSecond(), MICROS_PER_SECOND),
              instant.getNano() / 1000);
      return new EventTime(micros, instant.getNano() % 1000 == 0);
    } catch (DateTimeException | ArithmeticException notATime) {
      return null;
    }
  }

  private static boolean hasZone(String text) {
    int time = text.indexOf('T');
    return time >= 0
        && (text.endsWith("Z")
            || text.endsWith("z")
            || text.indexOf('+', time) >= 0
            || text.indexOf('-', time) >= 0);
  }
}
