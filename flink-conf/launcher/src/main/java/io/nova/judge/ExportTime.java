package io.nova.judge;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * A time as a record may write it: {@code yyyy-MM-dd HH:mm:ss} with up to nine digits of a second
 * (UTC), or ISO-8601 with a {@code T} and perhaps a zone (none is UTC).
 *
 * @param micros microseconds since 1970, rounded down
 * @param exact whether nothing was lost by that
 */
record ExportTime(long micros, boolean exact) {
  private static final Pattern PLAIN =
      Pattern.compile("\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?");

  /** The time that a text is; empty when it is none. */
  static Optional<ExportTime> of(String text) {
    try {
      if (PLAIN.matcher(text).matches()) {
        return Optional.of(of(utc(text.replace(' ', 'T'))));
      }
      return text.indexOf('T') > 0 ? Optional.of(of(iso(text))) : Optional.empty();
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static Instant iso(String text) {
    var parsed =
        DateTimeFormatter.ISO_DATE_TIME.parseBest(text, Instant::from, LocalDateTime::from);
    return parsed instanceof LocalDateTime local
        ? local.toInstant(ZoneOffset.UTC)
        : Instant.from(parsed);
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
