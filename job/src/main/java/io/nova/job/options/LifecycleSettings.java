package io.nova.job.options;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;

/**
 * How often the table is committed, and how long its snapshots and files stay.
 *
 * @param commitInterval least time between two commits
 * @param savepointRetention age up to which a savepoint can be restored
 * @param filesMinAge time for which a file stays after it has left the table
 * @param interval time between two runs of the task that removes what is old
 */
public record LifecycleSettings(
    Duration commitInterval, Duration savepointRetention, Duration filesMinAge, Duration interval)
    implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** The settings that checked options give. */
  static LifecycleSettings of(CheckedOptions options) {
    return new LifecycleSettings(
        options.get(NovaOptions.COMMIT_INTERVAL),
        options.get(NovaOptions.SAVEPOINT_RETENTION),
        options.get(NovaOptions.FILES_MIN_AGE),
        options.get(NovaOptions.LIFECYCLE_INTERVAL));
  }
}
