package io.nova.shard;

import io.nova.shard.fingerprint.FingerprintSet;
import java.util.Map;

/**
 * A batch that the batch layer has, as its tag and its closing link name it.
 *
 * @param below the first interval after the batch, counted since 1970
 * @param offsets the offset after the last message that was read before the closing link, by Kafka
 *     partition
 * @param lastWindow the fingerprints of a shard's events in the last largest window of the batch,
 *     by interval
 * @param knownFrom the first interval of the batch whose fingerprints are all in {@code
 *     lastWindow}, where that is later than the last largest window begins
 */
public record HandedOffBatch(
    long below, Map<Integer, Long> offsets, Map<Long, FingerprintSet> lastWindow, long knownFrom) {
  /** A batch whose last largest window has all its fingerprints. */
  public HandedOffBatch(
      long below, Map<Integer, Long> offsets, Map<Long, FingerprintSet> lastWindow) {
    this(below, offsets, lastWindow, Long.MIN_VALUE);
  }

  public HandedOffBatch {
    offsets = Map.copyOf(offsets);
    lastWindow = Map.copyOf(lastWindow);
    for (long interval : lastWindow.keySet()) {
      if (interval >= below) {
        throw new IllegalArgumentException(
            "Batch below interval %s: fingerprints of interval %s".formatted(below, interval));
      }
    }
  }
}
