package io.nova.shard;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * The measures that admission goes by.
 *
 * @param interval length of a block in upload time
 * @param window the dedup window of events that have none of their own
 * @param largestWindow the largest dedup window that any event may have: so long fingerprints stay
 * @param latenessLimit how far below the slowest partition an event may still be admitted
 * @param linger how long a block stays open behind its end
 */
public record BlockRules(
    Duration interval,
    Duration window,
    Duration largestWindow,
    Duration latenessLimit,
    Duration linger)
    implements Serializable {
  /** The post's five minutes and ten minutes, and a day. */
  public static final BlockRules DEFAULT =
      new BlockRules(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofHours(24));

  public BlockRules {
    if (interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException("Block interval " + interval + " is not positive");
    }
    if (window.isNegative() || window.compareTo(largestWindow) > 0) {
      throw new IllegalArgumentException(
          "Dedup window %s: expected 0 up to the largest, %s".formatted(window, largestWindow));
    }
    if (largestWindow.compareTo(latenessLimit) > 0) {
      throw new IllegalArgumentException(
          "Dedup window %s: expected at most the lateness limit, %s"
              .formatted(largestWindow, latenessLimit));
    }
    if (linger.isNegative()) {
      throw new IllegalArgumentException("A block cannot linger for " + linger);
    }
  }

  /** One window for all events, and blocks that stay open for as long. */
  public BlockRules(Duration interval, Duration window, Duration latenessLimit) {
    this(interval, window, window, latenessLimit, window);
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

  /** The same for the largest window. */
  public int largestWindowBlocks() {
    return blocks(largestWindow);
  }

  /** A dedup window in blocks, rounded up. */
  public int blocks(Duration length) {
    return Math.toIntExact(-Math.floorDiv(-micros(length), micros(interval)));
  }

  /** How many blocks below the slowest partition's an event may lie. */
  public int latenessLimitBlocks() {
    return blocks(latenessLimit);
  }

  /** How long a block stays open behind its end, in microseconds. */
  public long lingerMicros() {
    return micros(linger);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
