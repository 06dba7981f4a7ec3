package io.nova.console.ask;

import java.time.Duration;

/** Pins cuts, so that several questions and Flink SQL read the same rows. Thread-safe. */
public interface CutPins {
  /** The longest time of a pin: after it, the job ends the leases of the cut. */
  Duration LONGEST = Duration.ofMinutes(10);

  /**
   * Pins a new live cut. Flink SQL reads it with the option {@code live.cut}, and a question with
   * {@link Question#cut()}.
   *
   * @param longest the time after which it is released by itself, at most {@link #LONGEST}
   * @return its id
   * @throws AskException if no cut can be taken or stored, or too many are pinned
   */
  String pin(Duration longest) throws AskException;

  /** Releases a pinned cut. Has no effect if there is none with this id. */
  void release(String id);
}
