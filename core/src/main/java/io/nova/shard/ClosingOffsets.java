package io.nova.shard;

import io.nova.shard.progress.ReadPositions;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The closing offsets of the batches that the batch layer has, for each batch. A replayed message
 * below them belongs to the batch layer.
 *
 * <p>They are kept for each batch. A maximum over all would swallow messages that only an abandoned
 * branch has decided on. Not thread safe.
 */
final class ClosingOffsets {
  /** By the first interval after the batch. */
  private final TreeMap<Long, Map<Integer, Long>> byEnd = new TreeMap<>();

  /** Adds offsets as {@link #asMap} has them. */
  void addAll(Map<Long, Map<Integer, Long>> offsets) {
    byEnd.putAll(offsets);
  }

  /**
   * The first interval after the last batch that has a message; empty where none has it.
   *
   * @param interval the interval of the event
   */
  OptionalLong endOfBatchWith(long interval, int partition, long offset) {
    for (Map.Entry<Long, Map<Integer, Long>> batch : byEnd.descendingMap().entrySet()) {
      if (batch.getKey() <= interval) {
        return OptionalLong.empty();
      }
      if (offset < batch.getValue().getOrDefault(partition, 0L)) {
        return OptionalLong.of(batch.getKey());
      }
    }
    return OptionalLong.empty();
  }

  /** Removes the batches whose offsets have been read again, for every partition. */
  void removeRead(ReadPositions readTo) {
    byEnd
        .values()
        .removeIf(
            offsets ->
                offsets.entrySet().stream()
                    .allMatch(to -> readTo.of(to.getKey()) >= to.getValue() - 1));
  }

  /** The offsets by partition, by the first interval after the batch. */
  Map<Long, Map<Integer, Long>> asMap() {
    return Map.copyOf(byEnd);
  }
}
