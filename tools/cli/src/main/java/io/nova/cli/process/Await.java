package io.nova.cli.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for other processes. */
public final class Await {
  private static final long STEP_MILLIS = 200;

  private Await() {}

  /**
   * Asks five times a second until the answer is true.
   *
   * @param what the awaited event, for the message
   * @param check called before each question; it may throw to give up
   * @throws CommandException after the timeout
   */
  public static void until(String what, Duration timeout, Runnable check, BooleanSupplier answer) {
    until(what, timeout, STEP_MILLIS, check, answer);
  }

  /**
   * Asks with a pause after each answer until the answer is true.
   *
   * @param what the awaited event, for the message
   * @param check called before each question; it may throw to give up
   * @throws CommandException after the timeout
   */
  public static void until(
      String what, Duration timeout, long pauseMillis, Runnable check, BooleanSupplier answer) {
    long end = System.nanoTime() + timeout.toNanos();
    while (true) {
      check.run();
      if (answer.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new CommandException(
            "%s: not within %d seconds. Giving up.".formatted(what, timeout.toSeconds()));
      }
      pause(pauseMillis);
    }
  }

  /**
   * Sleeps.
   *
   * @throws CommandException when the thread is interrupted
   */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("Interrupted while waiting.", e);
    }
  }
}
