package io.nova.console.view;

import io.nova.cli.cluster.FlinkRest;
import io.nova.cli.cluster.FlinkRest.Checkpoint;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.JobMetrics;
import java.time.Instant;
import java.util.Optional;

/**
 * What Flink knows of the job at one moment.
 *
 * @param complete whether all of its tasks run
 * @param restarts how often Flink has restarted it
 * @param checkpoint the last completed one
 * @param lastFailure time and root cause of the last failure in one line
 */
record JobPicture(
    FlinkRest.Job job,
    Instant at,
    JobMetrics metrics,
    JobFigures figures,
    boolean complete,
    int restarts,
    Optional<Checkpoint> checkpoint,
    Optional<String> lastFailure) {
  static JobPicture of(FlinkRest rest, FlinkRest.Job job, Instant at) {
    JobMetrics metrics = rest.metrics(job.id());
    return new JobPicture(
        job,
        at,
        metrics,
        metrics.figures(),
        rest.allTasksRun(job.id()),
        rest.restarts(job.id()),
        rest.checkpoint(job.id()),
        rest.lastFailureLine(job.id()));
  }

  /** Flink calls a job running while its tasks are still deployed. */
  boolean running() {
    return job.state().equals("RUNNING") && complete;
  }

  /** Messages of the topic that the source has not read. */
  long pending() {
    return metrics.sum("pendingRecords");
  }

  /** Messages that the source has read since the job's last start. */
  long read() {
    return metrics.sum("numRecordsIn");
  }
}
