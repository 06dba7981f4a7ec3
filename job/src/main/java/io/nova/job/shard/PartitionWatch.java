package io.nova.job.shard;

import io.nova.event.Micros;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the Kafka partition that holds fingerprints in state: an empty one, one with rejected
 * messages only, or one that has fallen silent.
 *
 * <p>A partition holds them where the fastest partition is ahead of it by more than the lateness
 * limit. A partition without progress counts from the first progress of any partition.
 *
 * <p>The figure may be read by any thread; all else belongs to the task thread.
 */
final class PartitionWatch {
  /** The value of the gauge where no partition holds fingerprints. */
  static final long NONE = -1;

  private static final Logger LOG = LoggerFactory.getLogger(PartitionWatch.class);
  private static final long WARNING_EVERY_NANOS = 3_600_000_000_000L;

  private final String topic;
  private final Set<Integer> partitions;
  private final long limitMicros;
  private final Map<Integer, Long> progressMicros = new HashMap<>();
  private long firstMicros = Micros.UNKNOWN;
  private long fastestMicros = Micros.UNKNOWN;
  private long warnedNanos = System.nanoTime() - WARNING_EVERY_NANOS;
  private volatile long heldBy = NONE;

  /**
   * A watch without progress.
   *
   * @param partitions the partitions that count for the slowest partition
   */
  PartitionWatch(String topic, Set<Integer> partitions, long limitMicros) {
    this.topic = topic;
    this.partitions = partitions;
    this.limitMicros = limitMicros;
  }

  /** Notes the progress of a partition. */
  void advance(int partition, long uploadMicros) {
    progressMicros.merge(partition, uploadMicros, Math::max);
    firstMicros = firstMicros == Micros.UNKNOWN ? uploadMicros : firstMicros;
    fastestMicros = Math.max(fastestMicros, uploadMicros);
    OptionalInt slowest =
        partitions.stream()
            .filter(p -> fastestMicros - reached(p) > limitMicros)
            .mapToInt(Integer::intValue)
            .reduce((one, other) -> reached(one) <= reached(other) ? one : other);
    heldBy = slowest.isPresent() ? slowest.getAsInt() : NONE;
    if (slowest.isPresent()) {
      warn(slowest.getAsInt());
    }
  }

  private long reached(int partition) {
    return progressMicros.getOrDefault(partition, firstMicros);
  }

  private void warn(int partition) {
    if (System.nanoTime() - warnedNanos < WARNING_EVERY_NANOS) {
      return;
    }
    warnedNanos = System.nanoTime();
    Long micros = progressMicros.get(partition);
    LOG.warn(
        "Partition {} of topic {} holds fingerprints in state: {}, and the fastest partition is at"
            + " {}. Fingerprints stay in state until nova.dedup.state-ttl is over; no event is"
            + " lost. If the partition never gets an event again, retire it:"
            + " nova.partition.retired.",
        partition,
        topic,
        micros == null ? "it has no progress so far" : "it is at " + instant(micros),
        instant(fastestMicros));
  }

  private static Instant instant(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
  }

  /** The partition that holds most fingerprints; {@link #NONE} where none does. */
  long heldBy() {
    return heldBy;
  }
}
