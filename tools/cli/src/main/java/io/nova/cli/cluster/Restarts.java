package io.nova.cli.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * When processes were started again, and whether one more may be. An operator gives up on a process
 * that dies again and again. For one thread.
 */
final class Restarts {
  static final int AT_MOST = 5;
  static final Duration WITHIN = Duration.ofMinutes(10);

  private final InstantSource clock;
  private final ArrayDeque<Instant> newest = new ArrayDeque<>();

  Restarts(InstantSource clock) {
    this.clock = clock;
  }

  /** Whether fewer than {@link #AT_MOST} restarts lie {@link #WITHIN} the time before now. */
  boolean mayRestart() {
    Instant from = clock.instant().minus(WITHIN);
    return newest.size() < AT_MOST || newest.getFirst().isBefore(from);
  }

  /** Notes a restart at this moment. */
  void note() {
    newest.addLast(clock.instant());
    if (newest.size() > AT_MOST) {
      newest.removeFirst();
    }
  }

  /** The time of the last restart. */
  Optional<Instant> last() {
    return Optional.ofNullable(newest.peekLast());
  }
}
