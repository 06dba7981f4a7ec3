package io.nova.workload.input;

import java.util.OptionalLong;

/**
 * Receives the progress of a long task. It is called often and on the working thread: return at
 * once, and limit what is printed.
 */
@FunctionalInterface
public interface ProgressListener {
  /** Ignores all progress. */
  ProgressListener NONE = (stage, done, total) -> {};

  /**
   * The progress of one stage.
   *
   * @param stage the stage in a few words, such as "reading the table"
   * @param done units (messages, rows) of this stage that are done
   * @param total units of this stage; empty when not known
   */
  void progress(String stage, long done, OptionalLong total);
}
