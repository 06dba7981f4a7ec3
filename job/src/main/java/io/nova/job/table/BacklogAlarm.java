package io.nova.job.table;

import io.nova.handoff.BatchName;
import io.nova.iceberg.lifecycle.HandoffBacklog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What the job warns of after each run of the lifecycle task: a batch that waits for its completion
 * for two batch lengths, and a disk that lasts for less than three days.
 *
 * @param backlog the batches that wait
 * @param diskDays the days for which the disk lasts; empty where that is unknown
 */
record BacklogAlarm(HandoffBacklog backlog, OptionalLong diskDays, Duration batchLength) {
  private static final int LATE_LENGTHS = 2;
  private static final long FEW_DAYS = 3;

  /** The warnings, at most one of each kind. */
  List<String> warnings(long nowMs) {
    List<String> warnings = new ArrayList<>();
    Duration age = Duration.ofSeconds(backlog.ageSeconds(nowMs));
    if (age.compareTo(batchLength.multipliedBy(LATE_LENGTHS)) > 0) {
      warnings.add(
          ("Batch %s was closed %d hours ago and is not completed, and %d batches wait in all."
                  + " Their files stay. Look at the batch layer. If it will never load the batch:"
                  + " ./nova batch complete BATCH LINK --force.")
              .formatted(
                  BatchName.of(backlog.oldest(), batchLength), age.toHours(), backlog.batches()));
    }
    diskDays.ifPresent(
        days -> {
          if (days < FEW_DAYS) {
            warnings.add(
                "The disk of the table lasts for %d more days at the size of the last closed batch."
                    .formatted(days));
          }
        });
    return warnings;
  }
}
