package io.nova.kafka.source;

import io.nova.kafka.source.ReadTimes.ReadTime;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/**
 * Which partitions of a reader wait, so that all partitions catch up together. It decides nothing
 * about admission.
 *
 * <p>A partition catches up while its records are older than the maximum drift and it reads at
 * least twice as fast as time passes. Only such a partition waits, and partitions wait for such
 * ones only. So live traffic never waits, whatever its upload times are. A partition whose lag
 * stays holds nobody. One that has returned nothing for {@link #IDLE} is left out, unless it waits
 * itself.
 *
 * <p>Flink's own alignment follows watermarks. Watermarks may follow a wrong clock, and would hold
 * live partitions. Not thread safe.
 */
final class Alignment {
  /** In place of a time where no partition catches up. */
  static final long NONE_CATCHES_UP = Long.MAX_VALUE;

  /**
   * Silence after which a partition, or a reader, is left out. It is shorter than the idle timeout
   * of watermarks, so that a waiting partition goes on before the slowest one counts as idle.
   */
  static final Duration IDLE = Duration.ofSeconds(3);

  /** The least time over which the speed of a partition is measured. */
  static final Duration PERIOD = Duration.ofSeconds(10);

  private static final int LEAST_SPEED = 2;

  private final long maxDriftMs;
  private final ReadTimes times;
  private final Map<TopicPartition, ReadTime> measuredFrom = new HashMap<>();
  private final Set<TopicPartition> slow = new HashSet<>();
  private Set<TopicPartition> waiting = Set.of();

  /**
   * Decides for the partitions of one reader.
   *
   * @param maxDrift how far a partition may be ahead of the slowest one, in time of their records
   * @param times how far the reader's partitions have been read
   */
  Alignment(Duration maxDrift, ReadTimes times) {
    this.maxDriftMs = maxDrift.toMillis();
    this.times = times;
  }

  /** Decides anew which partitions wait, and returns them. To be called about once a second. */
  Set<TopicPartition> align(Slowest slowest, long nowNanos) {
    measure(nowNanos);
    long oldest = slowest.nowMs() - maxDriftMs;
    waiting =
        reading(nowNanos)
            .filter(partition -> partition.getValue().recordMs() < oldest)
            .filter(partition -> partition.getValue().recordMs() - maxDriftMs > slowest.recordMs())
            .map(Map.Entry::getKey)
            .collect(Collectors.toUnmodifiableSet());
    return waiting;
  }

  private void measure(long nowNanos) {
    times.byPartition().forEach((partition, read) -> measure(partition, read, nowNanos));
  }

  /** A partition that waits keeps its speed. It is measured anew once it reads. */
  private void measure(TopicPartition partition, ReadTime read, long nowNanos) {
    ReadTime from = measuredFrom.get(partition);
    if (from == null || waiting.contains(partition)) {
      measuredFrom.put(partition, new ReadTime(read.recordMs(), nowNanos));
      return;
    }
    long passedNanos = nowNanos - from.readNanos();
    if (passedNanos >= PERIOD.toNanos()) {
      long passedMs = Duration.ofNanos(passedNanos).toMillis();
      if (read.recordMs() - from.recordMs() < LEAST_SPEED * passedMs) {
        slow.add(partition);
      } else {
        slow.remove(partition);
      }
      measuredFrom.put(partition, new ReadTime(read.recordMs(), nowNanos));
    }
  }

  /** The partitions that wait since the last decision. */
  Set<TopicPartition> waiting() {
    return waiting;
  }

  /** How far the slowest partition of the reader has read, of those that read or wait. */
  ReadTo readTo(long nowNanos) {
    measure(nowNanos);
    return new ReadTo(
        reading(nowNanos)
            .mapToLong(partition -> partition.getValue().recordMs())
            .min()
            .orElse(NONE_CATCHES_UP));
  }

  private Stream<Map.Entry<TopicPartition, ReadTime>> reading(long nowNanos) {
    return times.byPartition().entrySet().stream()
        .filter(partition -> reads(partition.getKey(), partition.getValue(), nowNanos));
  }

  private boolean reads(TopicPartition partition, ReadTime read, long nowNanos) {
    boolean heard = nowNanos - read.readNanos() < IDLE.toNanos() && !slow.contains(partition);
    return heard || waiting.contains(partition);
  }
}
