package io.nova.job;

import java.util.concurrent.Callable;

/** Waits for what another thread does. */
public final class Waiting {
  private static final long PATIENCE_NANOS = 30_000_000_000L;

  private Waiting() {}

  /** Asks until the answer is yes, for half a minute at most. */
  public static void until(Callable<Boolean> answer) throws Exception {
    long start = System.nanoTime();
    while (!answer.call()) {
      if (System.nanoTime() - start > PATIENCE_NANOS) {
        throw new AssertionError("Not within half a minute");
      }
      Thread.sleep(50);
    }
  }
}
