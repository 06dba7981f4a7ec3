package io.nova.judge;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A time as a record may write it: {@code yyyy-MM-dd HH:mm:ss} with up to nine digits of a second
 * (UTC), or ISO-8601 with a {@code T} and perhaps an offset (none is UTC). A named zone is none of
 * these, nor is a text of fewer than 19 characters.
 *
 * @param micros microseconds since 1970, rounded down
 * @param exact whether nothing was lost by that
 */
record ExportTime(long micros, boolean exact) {
  private static final int SHORTEST = "2026-03-02T10:05:00".length();
  private static final int TIME_START = "2026-03-02T".length();
  private static final Pattern PLAIN =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?");

  /** The time that a text is; empty when it is none. */
  static Optional<ExportTime> of(String text) {
    try {
      if (PLAIN.matcher(text).matches()) {
        return Optional.of(of(utc(text.replace(' ', 'T'))));
      }
      return text.length() >= SHORTEST && text.charAt(TIME_START - 1) == 'T'
          ? Optional.of(of(iso(text)))
          : Optional.empty();
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Instant iso(String text) {
    var zoned = text.endsWith("Z") || text.substring(TIME_START).matches(".*[+-].*");
    return zoned ? OffsetDateTime.parse(text).toInstant() : utc(text);
  }

  private static Instant utc(String text) {
    return LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
  }

  private static ExportTime of(Instant instant) {
    var micros = Math.multiplyExact(instant.getEpochSecond(), TimeUnit.SECONDS.toMicros(1));
    var nanos = instant.getNano();
    return new ExportTime(Math.addExact(micros, nanos / 1_000), nanos % 1_000 == 0);
  }
}
