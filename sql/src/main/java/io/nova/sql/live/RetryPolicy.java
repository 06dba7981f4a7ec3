package io.nova.sql.live;

import java.time.Duration;

/** Decides whether a cut that did not come about is tried again. */
@FunctionalInterface
public interface RetryPolicy {
  /** Waits a little and says true, or says false once it has come to its end. */
  boolean again();

  /** Tries for so long from now on, more seldom by and by. */
  static RetryPolicy of(Duration wait) {
    return new RetryPolicy() {
      private final long endNanos = System.nanoTime() + wait.toNanos();
      private long pauseMillis = 50;

      @Override
      public boolean again() {
        if (System.nanoTime() - endNanos >= 0) {
          return false;
        }
        try {
          Thread.sleep(pauseMillis);
        } catch (InterruptedException ended) {
          Thread.currentThread().interrupt();
          return false;
        }
        pauseMillis = Math.min(500, pauseMillis * 2);
        return true;
      }
    };
  }
}
