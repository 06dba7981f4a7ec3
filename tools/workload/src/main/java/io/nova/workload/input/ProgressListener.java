package io.nova.workload.input;

import java.util.OptionalLong;

/**
 * Hears how far a long task has come. Called often and from the working thread: return at once, and
 * limit the rate of what is printed.
 */
@FunctionalInterface
public interface ProgressListener {
  /** For those who do not listen. */
  ProgressListener NONE = (stage, done, total) -> {};

  /**
   * Says how far one stage has come.
   *
   * @param stage what is going on, in a word or two: "sending", "reading the table"
   * @param done how many units (messages, rows) of this stage are done
   * @param total how many there will be, where known
   */
  void progress(String stage, long done, OptionalLong total);
}
