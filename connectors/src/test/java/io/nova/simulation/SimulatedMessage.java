package io.nova.simulation;

import io.nova.event.Micros;
import io.nova.kafka.Received;
import io.nova.shard.ConflictRule;

/**
 * One message of the simulated topic, or an element of one.
 *
 * @param partition its partition
 * @param offset the offset of its message
 * @param index its place in its message
 * @param identity the identity that the producer meant; empty where it is no event
 * @param payload its payload
 * @param windowBlocks its dedup window
 * @param rule its rule about conflicts
 * @param tracked whether its payload is tracked
 * @param uploadMicros its upload time
 * @param progressMicros the progress of its partition before it: the greatest upload time there
 * @param partitionMicros the greatest upload time in its partition up to and with it
 * @param received the real deserializer's result
 */
record SimulatedMessage(
    int partition,
    int offset,
    int index,
    String identity,
    String payload,
    int windowBlocks,
    ConflictRule rule,
    boolean tracked,
    long uploadMicros,
    long progressMicros,
    long partitionMicros,
    Received received) {
  boolean isEvent() {
    return received.event != null;
  }

  long interval() {
    return Measures.intervalOf(uploadMicros);
  }

  /** Whether it lies below the progress of its partition by more than the lateness limit. */
  boolean isTooLate(Measures measures) {
    return progressMicros != Micros.UNKNOWN
        && interval() < Measures.intervalOf(progressMicros) - measures.latenessLimitBlocks();
  }

  @Override
  public String toString() {
    return partition + "/" + offset + "." + index + " " + identity + " in block " + interval();
  }
}
