package io.nova.cli.process;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits for something that another process does. */
public final class Await {
  private static final long STEP_MILLIS = 200;

  private Await() {}

  /**
   * Asks again and again until the answer is yes.
   *
   * @param what what is waited for, for the message
   * @param check called before each question; it throws to give up
   * @throws CommandException when the time is over
   */
  public static void until(String what, Duration atMost, Runnable check, BooleanSupplier answer) {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      check.run();
      if (answer.getAsBoolean()) {
        return;
      }
      if (System.nanoTime() > end) {
        throw new CommandException(
            "%s: not within %d seconds. Giving up.".formatted(what, atMost.toSeconds()));
      }
      pause(STEP_MILLIS);
    }
  }

  /** Sleeps; an interrupt ends the program's patience as a {@link CommandException}. */
  public static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("Interrupted while waiting.", e);
    }
  }
}
