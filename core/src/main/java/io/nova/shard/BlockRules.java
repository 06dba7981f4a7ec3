package io.nova.shard;

import java.io.Serializable;
import java.time.Duration;
import java.time.Instant;

/**
 * The lengths of time that decide on admission and sealing.
 *
 * @param interval length of a block, in upload time
 * @param window the dedup window of events whose policy gives none
 * @param largestWindow the largest dedup window of any event. Fingerprints are kept for as long.
 * @param latenessLimit how far below the progress of its partition an event may be
 * @param linger how long a block stays open after its end
 */
public record BlockRules(
    Duration interval,
    Duration window,
    Duration largestWindow,
    Duration latenessLimit,
    Duration linger)
    implements Serializable {
  /** Blocks of five minutes, a dedup window of ten minutes, and a lateness limit of one day. */
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

  /** One dedup window for all events. Blocks stay open for as long. */
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

  /** The first microsecond after an interval. */
  public long endMicros(long intervalNumber) {
    return (intervalNumber + 1) * micros(interval);
  }

  /** When an interval begins. */
  public Instant start(long intervalNumber) {
    return Instant.EPOCH.plus(interval.multipliedBy(intervalNumber));
  }

  /** The dedup window in blocks, in both directions. */
  public int windowBlocks() {
    return blocks(window);
  }

  /** The largest dedup window in blocks. */
  public int largestWindowBlocks() {
    return blocks(largestWindow);
  }

  /** A dedup window in blocks, rounded up. */
  public int blocks(Duration length) {
    return Math.toIntExact(-Math.floorDiv(-micros(length), micros(interval)));
  }

  /** The lateness limit in blocks. */
  public int latenessLimitBlocks() {
    return blocks(latenessLimit);
  }

  /** The first interval that is not too late at this progress of the event's partition. */
  public long tooLateBelow(long progressMicros) {
    return intervalOf(progressMicros) - latenessLimitBlocks();
  }

  /** How long a block stays open after its end, in microseconds. */
  public long lingerMicros() {
    return micros(linger);
  }

  /** One interval and the linger: how long a block that upload time follows stays open. */
  public Duration intervalAndLinger() {
    return interval.plus(linger);
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }
}
