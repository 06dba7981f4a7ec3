package io.nova.event;

import java.time.LocalDate;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads times by this grammar, which docs/reference/formats.md repeats with examples:
 *
 * <pre>
 * time     = date " " minutes ":" ss [fraction]
 *          | date "T" minutes [":" ss [fraction]] [zone]
 * date     = yyyy "-" MM "-" dd
 * minutes  = HH ":" mm
 * fraction = "." and 1 to 9 digits
 * zone     = "Z" | "z" | ("+" | "-") (HH | HHmm | HH ":" mm | HH ":" mm ":" ss)
 * </pre>
 *
 * A time without a zone is in UTC. A zone is at most 18 hours from UTC. Nothing else is a time: no
 * hour 24, no second 60, no name of a zone.
 */
public final class EventTimes {
  private static final int DATE_LENGTH = "yyyy-MM-dd".length();
  private static final int MINUTES_LENGTH = "yyyy-MM-dd HH:mm".length();
  private static final int MAX_FRACTION_DIGITS = 9;
  private static final int MAX_OFFSET_SECONDS = 18 * 3600;
  private static final int NONE = Integer.MIN_VALUE;
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
    return Optional.ofNullable(read(text));
  }

  private static @Nullable EventTime read(String text) {
    if (text.length() < MINUTES_LENGTH
        || text.charAt(4) != '-'
        || text.charAt(7) != '-'
        || text.charAt(13) != ':') {
      return null;
    }
    char separator = text.charAt(DATE_LENGTH);
    boolean iso = separator == 'T';
    long minute = minuteSinceEpoch(text);
    int secondsEnd = secondsEnd(text);
    if (minute == Long.MIN_VALUE || !(iso || (separator == ' ' && secondsEnd > MINUTES_LENGTH))) {
      return null;
    }
    int second = secondsEnd == MINUTES_LENGTH ? 0 : below(60, text, MINUTES_LENGTH + 1);
    if (second < 0) {
      return null;
    }
    int clockEnd = secondsEnd == MINUTES_LENGTH ? secondsEnd : fractionEnd(text, secondsEnd);
    int nanos = nanos(text, secondsEnd, clockEnd);
    int offset = iso ? offsetSeconds(text, clockEnd) : clockEnd == text.length() ? 0 : NONE;
    if (nanos < 0 || offset == NONE) {
      return null;
    }
    long seconds = minute * 60 + second - offset;
    return new EventTime(seconds * MICROS_PER_SECOND + nanos / 1000, nanos % 1000 == 0);
  }

  /** The minutes since 1970 without a zone; the least long where date or clock do not exist. */
  private static long minuteSinceEpoch(String text) {
    int year = digits(text, 0, 4);
    int month = digits(text, 5, 7);
    int day = digits(text, 8, 10);
    int hour = below(24, text, 11);
    int minute = below(60, text, 14);
    if ((year | month | day | hour | minute) < 0
        || month < 1
        || month > 12
        || day < 1
        || day > LocalDate.of(year, month, 1).lengthOfMonth()) {
      return Long.MIN_VALUE;
    }
    return LocalDate.of(year, month, day).toEpochDay() * SECONDS_PER_DAY / 60 + hour * 60L + minute;
  }

  /** The end of hours, minutes and, if there are any, seconds. */
  private static int secondsEnd(String text) {
    return text.length() > MINUTES_LENGTH && text.charAt(MINUTES_LENGTH) == ':'
        ? MINUTES_LENGTH + 3
        : MINUTES_LENGTH;
  }

  private static int fractionEnd(String text, int from) {
    if (from >= text.length() || text.charAt(from) != '.') {
      return from;
    }
    int end = from + 1;
    while (end < text.length() && digit(text, end) >= 0) {
      end++;
    }
    return end;
  }

  /** The fraction in nanoseconds; -1 where it has no digits, or too many. */
  private static int nanos(String text, int from, int to) {
    if (from == to) {
      return 0;
    }
    int count = to - from - 1;
    if (count < 1 || count > MAX_FRACTION_DIGITS) {
      return -1;
    }
    int value = digits(text, from + 1, to);
    for (int i = count; i < MAX_FRACTION_DIGITS && value > 0; i++) {
      value *= 10;
    }
    return value;
  }

  /** What the zone adds to UTC; 0 without a zone, {@link #NONE} where the rest is not a zone. */
  private static int offsetSeconds(String text, int from) {
    int length = text.length() - from;
    if (length == 0) {
      return 0;
    }
    char sign = text.charAt(from);
    if (length == 1) {
      return sign == 'Z' || sign == 'z' ? 0 : NONE;
    }
    int start = from + 1;
    boolean colons = length == 6 || length == 9;
    boolean shaped =
        (sign == '+' || sign == '-')
            && (length == 3
                || length == 5
                || (colons
                    && text.charAt(start + 2) == ':'
                    && (length == 6 || text.charAt(start + 5) == ':')));
    if (!shaped) {
      return NONE;
    }
    int hours = digits(text, start, start + 2);
    int minutes = length == 3 ? 0 : below(60, text, colons ? start + 3 : start + 2);
    int seconds = length == 9 ? below(60, text, start + 6) : 0;
    int offset = hours * 3600 + minutes * 60 + seconds;
    return (hours | minutes | seconds) < 0 || offset > MAX_OFFSET_SECONDS
        ? NONE
        : sign == '-' ? -offset : offset;
  }

  /** The number of two digits, or -1 where it is none or not below the limit. */
  private static int below(int limit, String text, int from) {
    int value = from + 2 > text.length() ? -1 : digits(text, from, from + 2);
    return value < limit ? value : -1;
  }

  /** The number in {@code text[from, to)}, or -1 where that is not all digits. */
  private static int digits(String text, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = digit(text, i);
      if (digit < 0) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static int digit(String text, int at) {
    int digit = text.charAt(at) - '0';
    return digit >= 0 && digit <= 9 ? digit : -1;
  }
}
