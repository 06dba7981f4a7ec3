package io.nova.kafka.source;

import io.nova.kafka.source.ReadTimes.ReadTime;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions of a reader wait, so that all partitions catch up together. It decides nothing
 * about admission.
 *
 * <p>A partition catches up while its last record is older than the maximum drift. Only such a
 * partition waits, and partitions wait for such ones only. So live traffic never waits, whatever
 * its upload times are. A partition that has returned nothing for {@link #IDLE} is left out, unless
 * it waits itself.
 *
 * <p>Flink's own alignment follows watermarks. Watermarks may follow a wrong clock, and would hold
 * live partitions. Not thread safe.
 */
final class Alignment {
  /** In place of a time where no partition catches up. */
  static final long NONE_CATCHES_UP = Long.MAX_VALUE;

  /** Silence after which a partition, or a reader, is left out. */
  static final Duration IDLE = Duration.ofSeconds(10);

  private final long maxDriftMs;
  private final ReadTimes times;
  private Set<TopicPartition> waiting = Set.of();

  /**
   * Decides for the partitions of one reader.
   *
   * @param maxDrift how far a partition may be ahead of the slowest one, in time of their records
   * @param times the times of the reader's last records
   */
  Alignment(Duration maxDrift, ReadTimes times) {
    this.maxDriftMs = maxDrift.toMillis();
    this.times = times;
  }

  /** Decides anew which partitions wait, and returns them. */
  Set<TopicPartition> align(Slowest slowest, long nowMs, long nowNanos) {
    waiting =
        catchingUp(nowMs, nowNanos)
            .filter(partition -> partition.getValue().recordMs() - maxDriftMs > slowest.recordMs())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    return waiting;
  }

  /** The partitions that wait since the last decision. */
  Set<TopicPartition> waiting() {
    return waiting;
  }

  /** How far the slowest of the reader's partitions has read that catches up. */
  ReadTo readTo(long nowMs, long nowNanos) {
    return new ReadTo(
        catchingUp(nowMs, nowNanos)
            .mapToLong(partition -> partition.getValue().recordMs())
            .min()
            .orElse(NONE_CATCHES_UP));
  }

  private Stream<Map.Entry<TopicPartition, ReadTime>> catchingUp(long nowMs, long nowNanos) {
    return times.byPartition().entrySet().stream()
        .filter(partition -> catchesUp(partition, nowMs, nowNanos));
  }

  private boolean catchesUp(
      Map.Entry<TopicPartition, ReadTime> partition, long nowMs, long nowNanos) {
    ReadTime read = partition.getValue();
    boolean reads = nowNanos - read.readNanos() < IDLE.toNanos();
    return read.recordMs() < nowMs - maxDriftMs && (reads || waiting.contains(partition.getKey()));
  }
}
