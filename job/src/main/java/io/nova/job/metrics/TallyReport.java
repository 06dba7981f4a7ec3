package io.nova.job.metrics;

import io.nova.event.Tally;

/** What one subtask had counted when a checkpoint's barrier passed it. A Flink POJO. */
public final class TallyReport {
  private static final byte[] NONE = {};

  /** The checkpoint, as this run of the job numbers it. */
  public long checkpointId;

  /** The tally, as JSON. */
  public byte[] tally = NONE;

  public TallyReport() {}

  public static TallyReport of(long checkpointId, Tally tally) {
    TallyReport report = new TallyReport();
    report.checkpointId = checkpointId;
    report.tally = TallyCodec.write(tally);
    return report;
  }
}
