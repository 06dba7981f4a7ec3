package io.nova.live.server;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * The pace of reading rows. While the machine is busy, all answers of a server together use at most
 * a share of one core, so that the pipeline comes first. Otherwise they continue without a pause.
 *
 * <p>The load of the whole machine decides, since the pipeline may be slow on the core of another
 * subtask. Thread priorities do not help: Linux ignores those of Java. Thread safe.
 */
final class ReadPace {
  /** Load of all cores from which on the machine is busy. */
  static final double BUSY = 0.75;

  private static final long LOOK_EVERY_NANOS = 250_000_000;

  /** Shorter pauses are added up: they would cost more than they gain. */
  private static final long WORTH_PAUSING_NANOS = 5_000_000;

  private final double share;
  private final DoubleSupplier load;
  private final LongSupplier nanoClock;
  private long lookedNanos;
  private boolean busy;
  private long owedNanos;
  private long freeNanos;

  /**
   * A pace.
   *
   * @param share share of one core, above 0, at most 1
   * @param load load of the machine's cores, 0 to 1; negative if unknown
   * @param nanoClock nanoseconds, as of {@link System#nanoTime()}
   */
  ReadPace(double share, DoubleSupplier load, LongSupplier nanoClock) {
    this.share = share;
    this.load = load;
    this.nanoClock = nanoClock;
    this.lookedNanos = nanoClock.getAsLong() - LOOK_EVERY_NANOS;
    this.freeNanos = nanoClock.getAsLong();
  }

  /** Adds a time spent reading; returns how long the reader must wait before it continues. */
  synchronized long pauseNanos(long tookNanos) {
    long now = nanoClock.getAsLong();
    if (!isBusy(now)) {
      owedNanos = 0;
      freeNanos = now;
      return 0;
    }
    owedNanos += (long) (tookNanos * (1 / share - 1));
    if (owedNanos >= WORTH_PAUSING_NANOS) {
      freeNanos = Math.max(freeNanos, now) + owedNanos;
      owedNanos = 0;
    }
    return Math.max(0, freeNanos - now);
  }

  private boolean isBusy(long now) {
    if (now - lookedNanos >= LOOK_EVERY_NANOS) {
      lookedNanos = now;
      busy = load.getAsDouble() >= BUSY;
    }
    return busy;
  }
}
