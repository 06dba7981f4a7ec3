package io.nova.shard;

import io.nova.event.Micros;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * The interval below which events of every Kafka partition are too late. It follows the slowest
 * partition and never falls. Not thread safe.
 */
final class Floor {
  private final BlockRules rules;
  private final Map<Integer, Long> progressMicros = new HashMap<>();
  private long interval = Micros.UNKNOWN;

  Floor(BlockRules rules) {
    this.rules = rules;
  }

  /** Continues from a stored floor. */
  void restore(ShardHeader header) {
    interval = header.floor();
    progressMicros.putAll(header.progressMicros());
  }

  /**
   * Notes the progress of a Kafka partition; true where the floor has risen.
   *
   * @param expected all partitions that count, those without progress included
   */
  boolean advance(int partition, long uploadMicros, Set<Integer> expected) {
    Long before = progressMicros.get(partition);
    if (before != null && before >= uploadMicros) {
      return false;
    }
    progressMicros.put(partition, uploadMicros);
    long slowest = slowest(expected);
    return slowest != Micros.UNKNOWN && rise(rules.tooLateBelow(slowest));
  }

  private boolean rise(long to) {
    boolean more = to > interval;
    interval = Math.max(interval, to);
    return more;
  }

  private long slowest(Set<Integer> expected) {
    long slowest = Long.MAX_VALUE;
    for (int partition : expected) {
      slowest = Math.min(slowest, progressMicros.getOrDefault(partition, Micros.UNKNOWN));
    }
    return slowest == Long.MAX_VALUE ? Micros.UNKNOWN : slowest;
  }

  /**
   * The first interval that some partition may not have too late; {@link Micros#UNKNOWN} before
   * any.
   */
  long interval() {
    return interval;
  }

  /** The first interval whose fingerprints an event may need, once the floor has risen. */
  long neededFrom() {
    return interval - rules.largestWindowBlocks();
  }

  /** The progress of each Kafka partition, microseconds since 1970. */
  Map<Integer, Long> progressMicros() {
    return progressMicros;
  }
}
