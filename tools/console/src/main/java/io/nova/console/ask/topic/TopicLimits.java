package io.nova.console.ask.topic;

import java.time.Duration;

/**
 * How much of a topic its table holds: whichever is less.
 *
 * @param age greatest age of a record by its timestamp
 * @param rows greatest number of rows
 * @param bytes about the greatest size in memory
 */
record TopicLimits(Duration age, long rows, long bytes) {
  private static final int MOST_MB = 256;

  /** The limits beside DuckDB's memory limit, of which a topic takes an eighth at most. */
  static TopicLimits of(int memoryMb) {
    return new TopicLimits(
        Duration.ofHours(24), 1_000_000, (long) Math.min(MOST_MB, memoryMb / 8) << 20);
  }
}
