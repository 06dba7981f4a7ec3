package io.nova.judge.record;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoField;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time in a record, by the grammar in docs/reference/formats.md. One form has a blank after the
 * date, and needs seconds. The other has a {@code T}, and may have a zone. Without a zone a time is
 * in UTC.
 *
 * @param micros microseconds since 1970, rounded down
 * @param exact whether the rounding lost nothing
 */
record ExportTime(long micros, boolean exact) {
  private static final Pattern BLANK =
      Pattern.compile(
          "(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2}) (?<clock>[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?)"
              + "(?<zone>)");
  private static final Pattern ISO =
      Pattern.compile(
          "(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})T"
              + "(?<clock>[0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,9})?)?)"
              + "(?<zone>[Zz]|[+-][0-9]{2}([0-9]{2}|:[0-9]{2}(:[0-9]{2})?)?)?");

  /** The time of a text; empty when it is not a time. */
  static Optional<ExportTime> of(String text) {
    Matcher blank = BLANK.matcher(text);
    Matcher iso = ISO.matcher(text);
    try {
      if (blank.matches()) {
        return Optional.of(time(blank));
      }
      return iso.matches() ? Optional.of(time(iso)) : Optional.empty();
    } catch (DateTimeException notOnTheCalendar) {
      return Optional.empty();
    }
  }

  private static ExportTime time(Matcher match) {
    LocalDate day = LocalDate.parse(match.group("date"));
    LocalTime clock = LocalTime.parse(match.group("clock"));
    String zone = match.group("zone");
    ZoneOffset offset = zone == null || zone.length() < 2 ? ZoneOffset.UTC : ZoneOffset.of(zone);
    int nanos = clock.get(ChronoField.NANO_OF_SECOND);
    long micros = day.toEpochSecond(clock, offset) * 1_000_000 + nanos / 1_000;
    return new ExportTime(micros, nanos % 1_000 == 0);
  }
}
