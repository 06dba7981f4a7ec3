package io.nova.console.ask;

import java.time.Duration;

/** Pins cuts, so that several questions and Flink SQL read the same rows. Thread-safe. */
public interface CutPins {
  /**
   * Pins a new live cut. Flink SQL reads it with the option {@code live.cut}, and a question with
   * {@link Question#cut()}.
   *
   * @param longest the time after which it is released by itself. The job ends leases at their own
   *     greatest age, too
   * @return its id
   * @throws AskException if no cut can be taken or stored
   */
  String pin(Duration longest) throws AskException;

  /** Releases a pinned cut. Has no effect if there is none with this id. */
  void release(String id);
}
