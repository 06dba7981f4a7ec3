package io.nova.simulation;

import io.nova.shard.Admission;
import io.nova.shard.HandedOffBatch;
import io.nova.shard.fingerprint.EventFingerprints;
import io.nova.shard.fingerprint.FingerprintSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The tag of a closed batch, and what its closing link says.
 *
 * @param batch its number
 * @param end the first interval after it
 * @param offsets by partition, the offset after the last message that was read
 * @param lineage the checkpoints that led to the closing link
 * @param rows the admitted events of the batch
 * @param outcomes what was decided on each message below the offsets
 */
record SimulatedTag(
    long batch,
    long end,
    Map<Integer, Long> offsets,
    List<Integer> lineage,
    Set<SimulatedMessage> rows,
    Map<SimulatedMessage, Admission> outcomes) {
  /** Whether a message was read before the closing link. */
  boolean hasRead(SimulatedMessage message) {
    return message.offset() < offsets.get(message.partition());
  }

  /** Whether an event is in the last largest window of the batch. */
  boolean isInLastWindow(SimulatedMessage message, Measures measures) {
    return message.interval() >= end - measures.rules().largestWindowBlocks();
  }

  /** What a shard loads of it. */
  HandedOffBatch of(int shard, Measures measures) {
    Map<Long, FingerprintSet> lastWindow = new HashMap<>();
    for (SimulatedMessage row : rows) {
      if (row.received().shard == shard && isInLastWindow(row, measures)) {
        lastWindow
            .computeIfAbsent(row.interval(), i -> new FingerprintSet())
            .add(
                row.received().event.high,
                EventFingerprints.identity(row.received().event.low, false));
      }
    }
    return new HandedOffBatch(end, offsets, lastWindow);
  }
}
