package io.nova.iceberg.lifecycle;

import java.time.Duration;
import java.time.Instant;

/**
 * How long a table keeps what is superseded.
 *
 * @param savepoints a savepoint of this age can still be restored
 * @param minAge a file stays this long after it left the head; at least the longest query and lease
 */
public record Retention(Duration savepoints, Duration minAge) {
  /** How much longer an unnamed file stays: a checkpoint may name it before any snapshot does. */
  private static final Duration EXTRA_OF_ORPHANS = Duration.ofDays(1);

  public Retention {
    if (savepoints.isZero() || savepoints.isNegative()) {
      throw new IllegalArgumentException(
          "Retention of savepoints: " + savepoints + " found, expected a positive duration");
    }
    if (minAge.isZero() || minAge.isNegative()) {
      throw new IllegalArgumentException(
          "Least age of files: " + minAge + " found, expected a positive duration");
    }
  }

  /** Snapshots that were superseded after this time stay. */
  Instant snapshotsSince(Instant now) {
    return now.minus(savepoints.compareTo(minAge) >= 0 ? savepoints : minAge);
  }

  /** Files that were written after this time stay, although nothing names them. */
  Instant orphansSince(Instant now) {
    return snapshotsSince(now).minus(EXTRA_OF_ORPHANS);
  }
}
