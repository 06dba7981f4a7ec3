package io.nova.job.metrics;

import io.nova.event.Tally;

/** The tally of one subtask at the barrier of a checkpoint. A Flink POJO. */
public final class TallyReport {
  private static final byte[] NONE = {};

  /** Flink's number of the checkpoint in this run of the job. */
  public long checkpointId;

  /** The tally as JSON bytes. */
  public byte[] tally = NONE;

  public TallyReport() {}

  public static TallyReport of(long checkpointId, Tally tally) {
    TallyReport report = new TallyReport();
    report.checkpointId = checkpointId;
    report.tally = TallyCodec.write(tally);
    return report;
  }
}
