package io.nova.sql.filter;

import java.time.Duration;
import java.time.Instant;

/**
 * The range of instants that a constant of a query may mean, both ends included. Both ends are
 * equal for an instant. They differ for a local time that the clock of a zone shows twice. "Now"
 * has no latest end, since the query runs later than it is planned.
 *
 * @param earliestMicros earliest instant, microseconds since 1970
 * @param latestMicros latest instant, microseconds since 1970, or {@link #UNKNOWN}
 */
record InstantRange(long earliestMicros, long latestMicros) {
  /** The latest instant of a range without an end. */
  static final long UNKNOWN = Long.MAX_VALUE;

  /**
   * Checks the order.
   *
   * @throws IllegalArgumentException if the earliest instant is after the latest
   */
  InstantRange {
    if (earliestMicros > latestMicros) {
      throw new IllegalArgumentException("%s is after %s".formatted(earliestMicros, latestMicros));
    }
  }

  /**
   * The smallest range in whole microseconds with both instants.
   *
   * @throws ArithmeticException if one is 292,000 years or more from 1970
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

  /**
   * The range moved by a duration, in whole milliseconds.
   *
   * @throws ArithmeticException if an end is too far from 1970
   */
  InstantRange plus(Duration duration) {
    long micros = Math.multiplyExact(duration.toMillis(), 1000L);
    return new InstantRange(
        Math.addExact(earliestMicros, micros),
        latestMicros == UNKNOWN ? UNKNOWN : Math.addExact(latestMicros, micros));
  }

  /** Whether the range has an end. */
  boolean hasLatest() {
    return latestMicros != UNKNOWN;
  }
}
