package io.nova.event;

import java.nio.charset.StandardCharsets;
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

  private final byte[] utf8;
  private final int start;
  private final int length;

  private EventTimes(byte[] utf8, int start, int end) {
    this.utf8 = utf8;
    this.start = start;
    this.length = end - start;
  }

  /**
   * A time that was read.
   *
   * @param micros microseconds since 1970, rounded down
   * @param exact false where the text was finer than a microsecond
   */
  public record EventTime(long micros, boolean exact) {}

  /** The time in a text; empty where it is not a time. */
  public static Optional<EventTime> parse(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    return Optional.ofNullable(read(utf8, 0, utf8.length));
  }

  /** The time in the UTF-8 bytes {@code [start, end)}; null where it is not a time. */
  public static @Nullable EventTime read(byte[] utf8, int start, int end) {
    return new EventTimes(utf8, start, end).read();
  }

  private @Nullable EventTime read() {
    if (length < MINUTES_LENGTH || at(4) != '-' || at(7) != '-' || at(13) != ':') {
      return null;
    }
    int separator = at(DATE_LENGTH);
    boolean iso = separator == 'T';
    long minute = minuteSinceEpoch();
    int secondsEnd = secondsEnd();
    if (minute == Long.MIN_VALUE || !(iso || (separator == ' ' && secondsEnd > MINUTES_LENGTH))) {
      return null;
    }
    int second = secondsEnd == MINUTES_LENGTH ? 0 : below(60, MINUTES_LENGTH + 1);
    if (second < 0) {
      return null;
    }
    int clockEnd = secondsEnd == MINUTES_LENGTH ? secondsEnd : fractionEnd(secondsEnd);
    int nanos = nanos(secondsEnd, clockEnd);
    int offset = iso ? offsetSeconds(clockEnd) : clockEnd == length ? 0 : NONE;
    if (nanos < 0 || offset == NONE) {
      return null;
    }
    long seconds = minute * 60 + second - offset;
    return new EventTime(seconds * MICROS_PER_SECOND + nanos / 1000, nanos % 1000 == 0);
  }

  /** The minutes since 1970 without a zone; the least long where date or clock do not exist. */
  private long minuteSinceEpoch() {
    int year = digits(0, 4);
    int month = digits(5, 7);
    int day = digits(8, 10);
    int hour = below(24, 11);
    int minute = below(60, 14);
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
  private int secondsEnd() {
    return length > MINUTES_LENGTH && at(MINUTES_LENGTH) == ':'
        ? MINUTES_LENGTH + 3
        : MINUTES_LENGTH;
  }

  private int fractionEnd(int from) {
    if (from >= length || at(from) != '.') {
      return from;
    }
    int end = from + 1;
    while (end < length && digit(end) >= 0) {
      end++;
    }
    return end;
  }

  /** The fraction in nanoseconds; -1 where it has no digits, or too many. */
  private int nanos(int from, int to) {
    if (from == to) {
      return 0;
    }
    int count = to - from - 1;
    if (count < 1 || count > MAX_FRACTION_DIGITS) {
      return -1;
    }
    int value = digits(from + 1, to);
    for (int i = count; i < MAX_FRACTION_DIGITS && value > 0; i++) {
      value *= 10;
    }
    return value;
  }

  /** What the zone adds to UTC; 0 without a zone, {@link #NONE} where the rest is not a zone. */
  private int offsetSeconds(int from) {
    int zone = length - from;
    if (zone == 0) {
      return 0;
    }
    int sign = at(from);
    if (zone == 1) {
      return sign == 'Z' || sign == 'z' ? 0 : NONE;
    }
    int hour = from + 1;
    boolean colons = zone == 6 || zone == 9;
    boolean shaped =
        (sign == '+' || sign == '-')
            && (zone == 3
                || zone == 5
                || (colons && at(hour + 2) == ':' && (zone == 6 || at(hour + 5) == ':')));
    if (!shaped) {
      return NONE;
    }
    int hours = digits(hour, hour + 2);
    int minutes = zone == 3 ? 0 : below(60, colons ? hour + 3 : hour + 2);
    int seconds = zone == 9 ? below(60, hour + 6) : 0;
    int offset = hours * 3600 + minutes * 60 + seconds;
    return (hours | minutes | seconds) < 0 || offset > MAX_OFFSET_SECONDS
        ? NONE
        : sign == '-' ? -offset : offset;
  }

  /** The number of two digits, or -1 where it is none or not below the limit. */
  private int below(int limit, int from) {
    int value = from + 2 > length ? -1 : digits(from, from + 2);
    return value < limit ? value : -1;
  }

  /** The number in the digits {@code [from, to)}, or -1 where that is not all digits. */
  private int digits(int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      int digit = digit(i);
      if (digit < 0) {
        return -1;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private int digit(int place) {
    int digit = at(place) - '0';
    return digit >= 0 && digit <= 9 ? digit : -1;
  }

  private int at(int place) {
    return utf8[start + place];
  }
}
