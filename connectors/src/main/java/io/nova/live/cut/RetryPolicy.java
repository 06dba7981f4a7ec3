package io.nova.live.cut;

import java.time.Duration;

/** Decides whether an incomplete cut is taken again. Used by one thread. */
@FunctionalInterface
public interface RetryPolicy {
  /** Pauses and returns true; returns false when no retry is left or the thread is interrupted. */
  boolean again();

  /** Retries until this time has passed from now on; pauses grow from 50 to 500 milliseconds. */
  static RetryPolicy of(Duration timeout) {
    return new RetryPolicy() {
      private final long endNanos = System.nanoTime() + timeout.toNanos();
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
