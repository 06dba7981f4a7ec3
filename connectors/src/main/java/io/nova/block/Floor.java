package io.nova.block;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Below which interval an event of a shard is too late, and whose fingerprints are still there.
 * Both follow the Kafka partition that has come least far, and never fall. Not thread safe.
 */
final class Floor {
  private final BlockRules rules;
  private final Map<Integer, Long> progressMicros = new HashMap<>();
  private long interval = Shard.NO_TIME;
  private long forgottenBelow = Shard.NO_TIME;

  Floor(BlockRules rules) {
    this.rules = rules;
  }

  /**
   * Goes on from a stored one.
   *
   * @param firstCold the first interval with fingerprints of sealed blocks; null where none has
   */
  void restore(ShardHeader header, @Nullable Long firstCold) {
    interval = header.floor();
    progressMicros.putAll(header.progressMicros());
    Long forgotten = header.forgottenBelow();
    forgottenBelow = forgotten != null ? forgotten : forgottenBelowOfVersion1(firstCold);
  }

  /** It had no window but one, and forgot nothing above the first interval that is still there. */
  private long forgottenBelowOfVersion1(@Nullable Long firstCold) {
    return interval == Shard.NO_TIME || firstCold == null
        ? interval
        : Math.min(interval, firstCold);
  }

  /**
   * Notes how far a Kafka partition has come; true where the floor has risen.
   *
   * @param expected all partitions that count, whether they have been heard of or not
   */
  boolean advance(int partition, long uploadMicros, Set<Integer> expected) {
    Long before = progressMicros.get(partition);
    if (before != null && before >= uploadMicros) {
      return false;
    }
    progressMicros.put(partition, uploadMicros);
    long slowest = slowest(expected);
    return slowest != Shard.NO_TIME && rise(rules.intervalOf(slowest) - rules.horizonBlocks());
  }

  private boolean rise(long to) {
    if (to <= interval) {
      return false;
    }
    interval = to;
    forgottenBelow = Math.max(forgottenBelow, interval - rules.largestWindowBlocks());
    return true;
  }

  private long slowest(Set<Integer> expected) {
    long slowest = Long.MAX_VALUE;
    for (int partition : expected) {
      slowest = Math.min(slowest, progressMicros.getOrDefault(partition, Shard.NO_TIME));
    }
    return slowest == Long.MAX_VALUE ? Shard.NO_TIME : slowest;
  }

  /** Whether an event of this interval is too late. */
  boolean isAbove(long eventInterval) {
    return interval != Shard.NO_TIME && eventInterval < interval;
  }

  /** The first interval that is not too late; {@link Shard#NO_TIME} before any. */
  long interval() {
    return interval;
  }

  /** The first interval whose fingerprints are all kept; {@link Shard#NO_TIME} for all. */
  long forgottenBelow() {
    return forgottenBelow;
  }

  /** The greatest upload time of each Kafka partition, microseconds since 1970. */
  Map<Integer, Long> progressMicros() {
    return progressMicros;
  }
}
