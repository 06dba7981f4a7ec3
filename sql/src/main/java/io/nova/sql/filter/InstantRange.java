package io.nova.sql.filter;

import java.time.Duration;
import java.time.Instant;

/**
 * Where on the time axis a constant of a query may lie, in microseconds since 1970, both ends
 * included. One point for an instant; two for a local time, which the clock of a zone may show
 * twice; open at the end for "now", which is later when the query runs than when it is planned.
 *
 * @param earliestMicros no earlier than this
 * @param latestMicros no later than this, or {@link #UNKNOWN}
 */
record InstantRange(long earliestMicros, long latestMicros) {
  static final long UNKNOWN = Long.MAX_VALUE;

  InstantRange {
    if (earliestMicros > latestMicros) {
      throw new IllegalArgumentException("%s is after %s".formatted(earliestMicros, latestMicros));
    }
  }

  /**
   * The smallest range with both instants.
   *
   * @throws ArithmeticException if one is 292,000 years from 1970 or more
   */
  static InstantRange between(Instant earliest, Instant latest) {
    return new InstantRange(floorMicros(earliest), Math.negateExact(floorMicros(negated(latest))));
  }

  private static long floorMicros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  private static Instant negated(Instant instant) {
    return Instant.ofEpochSecond(-instant.getEpochSecond(), -instant.getNano());
  }

  InstantRange plus(Duration duration) {
    long micros = Math.multiplyExact(duration.toMillis(), 1000L);
    return new InstantRange(
        Math.addExact(earliestMicros, micros),
        latestMicros == UNKNOWN ? UNKNOWN : Math.addExact(latestMicros, micros));
  }

  boolean hasLatest() {
    return latestMicros != UNKNOWN;
  }
}
