package io.nova.block;

import java.time.Duration;
import java.time.Instant;

/**
 * The measures that admission goes by.
 *
 * @param interval length of a block in upload time
 * @param window the dedup window
 * @param horizon how far below the slowest partition an event may still be admitted
 */
public record BlockRules(Duration interval, Duration window, Duration horizon) {
  /** The post's five minutes and ten minutes, and a day. */
  public static final BlockRules DEFAULT =
      new BlockRules(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofHours(24));

  public BlockRules {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("Block interval " + interval + " is not positive");
    }
    if (window.isNegative() || window.compareTo(horizon) > 0) {
      throw new IllegalArgumentException(
          "Dedup window " + window + ": expected 0 up to the dedup horizon, " + horizon);
    }
  }

  /** The interval that an upload time falls in, counted since 1970. */
  public long intervalOf(long uploadMicros) {
    return Math.floorDiv(uploadMicros, micros(interval));
  }

  /** The first microsecond of an interval. */
  public long startMicros(long intervalNumber) {
    return intervalNumber * micros(interval);
  }

  /** The first microsecond behind an interval. */
  public long endMicros(long intervalNumber) {
    return (intervalNumber + 1) * micros(interval);
  }

  /** When an interval begins. */
  public Instant start(long intervalNumber) {
    return Instant.EPOCH.plus(interval.multipliedBy(intervalNumber));
  }

  /** How many blocks away, before or after, an earlier copy counts. */
  public int windowBlocks() {
    return blocks(window);
  }

  /** How many blocks below the slowest partition's an event may lie. */
  public int horizonBlocks() {
    return blocks(horizon);
  }

  /** The dedup window in microseconds. */
  public long windowMicros() {
    return micros(window);
  }

  private int blocks(Duration length) {
    return Math.toIntExact(-Math.floorDiv(-micros(length), micros(interval)));
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
