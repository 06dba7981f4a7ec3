package io.nova.live.server;

import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Lets the reading of rows give way to the pipeline: while the machine is busy, all answers of a
 * server together take no more than a share of one core; otherwise they go on at once.
 *
 * <p>The machine's load decides, since the pipeline may be held up on a core that is not this
 * subtask's. Priorities of threads would say the same, but Linux does not heed Java's. Thread safe.
 */
final class ReadPace {
  /** Load of all cores from which the machine counts as busy. */
  static final double BUSY = 0.75;

  private static final long LOOK_EVERY_NANOS = 250_000_000;

  /** Shorter pauses would cost more than they give. */
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
   * @param share of one core, above 0, at most 1
   * @param load of the machine's cores, 0 to 1, negative where it is not known
   */
  ReadPace(double share, DoubleSupplier load, LongSupplier nanoClock) {
    this.share = share;
    this.load = load;
    this.nanoClock = nanoClock;
    this.lookedNanos = nanoClock.getAsLong() - LOOK_EVERY_NANOS;
    this.freeNanos = nanoClock.getAsLong();
  }

  /** Notes that reading took so long; says how long the reader is to wait before it goes on. */
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
