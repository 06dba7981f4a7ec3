package io.nova.cli.cluster;

import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics of the job, summed over its subtasks. They are up to two seconds old. While the job
 * restarts they are too small. Counters include what was counted before a restore.
 *
 * @param received messages read from Kafka
 * @param admitted admitted events
 * @param duplicates events dropped as duplicates
 * @param rejected rejected messages by reason, without reasons that did not occur
 * @param openBlocks blocks in memory
 * @param blockFiles block files written
 * @param chunks chunks written
 * @param frontierMicros frontier of the slowest shard, in microseconds since 1970; empty if some
 *     shard has none yet
 */
public record JobFigures(
    long received,
    long admitted,
    long duplicates,
    SortedMap<String, Long> rejected,
    long openBlocks,
    long blockFiles,
    long chunks,
    OptionalLong frontierMicros) {
  private static final Pattern REJECTED = Pattern.compile("reason\\.(.+)\\.numEventsRejected");

  /** Messages that the job has decided on: admitted, duplicate or rejected. */
  public long decided() {
    return admitted + duplicates + rejectedTotal();
  }

  /** Rejected messages of all reasons. */
  public long rejectedTotal() {
    return rejected.values().stream().mapToLong(Long::longValue).sum();
  }

  static JobFigures of(JobMetrics metrics) {
    return new JobFigures(
        metrics.sum("numEventsReceived"),
        metrics.sum("numEventsAdmitted"),
        metrics.sum("numDuplicates"),
        rejectedByReason(metrics),
        metrics.sum("openBlocks"),
        metrics.sum("numBlockFilesWritten"),
        metrics.sum("numChunksWritten"),
        frontier(metrics));
  }

  private static SortedMap<String, Long> rejectedByReason(JobMetrics metrics) {
    TreeMap<String, Long> reasons = new TreeMap<>();
    for (String name : metrics.names()) {
      Matcher reason = REJECTED.matcher(name);
      if (reason.matches() && metrics.sum(name) > 0) {
        reasons.merge(reason.group(1), metrics.sum(name), Long::sum);
      }
    }
    return reasons;
  }

  private static OptionalLong frontier(JobMetrics metrics) {
    double least = metrics.least("frontierMicros").orElse(Double.NEGATIVE_INFINITY);
    return least > -4e18 ? OptionalLong.of(Math.round(least)) : OptionalLong.empty();
  }
}
