package io.nova.judge;

/**
 * Decides whether the table and the rejected topic hold exactly what the rules promise for what was
 * sent. Shares no code with the job. For one thread; one instance may judge several times.
 */
public final class Judge {
  /**
   * Reads all that was sent, every row of the table's current snapshot, and the rejected topic from
   * its beginning to its present end.
   *
   * @throws java.io.UncheckedIOException when a source cannot be read; the message names it
   */
  public Verdict judge(JudgeRequest request) {
    throw new UnsupportedOperationException("Judging " + request.warehouse());
  }
}
