package io.nova.simulation;

import io.nova.kafka.Received;
import io.nova.shard.ConflictRule;

/**
 * One message of the simulated topic.
 *
 * @param partition where it stands
 * @param offset where it stands
 * @param identity what the producer means to be the same event; empty where it is none
 * @param payload what the client sent beside the identity
 * @param windowBlocks its dedup window
 * @param rule what becomes of it beside a copy with another payload
 * @param uploadMicros its upload time
 * @param partitionMicros the greatest upload time in its partition up to and with it
 * @param received what the real deserializer made of its bytes
 */
record SimulatedMessage(
    int partition,
    int offset,
    String identity,
    String payload,
    int windowBlocks,
    ConflictRule rule,
    long uploadMicros,
    long partitionMicros,
    Received received) {
  boolean isEvent() {
    return received.event != null;
  }

  long interval() {
    return Measures.intervalOf(uploadMicros);
  }

  @Override
  public String toString() {
    return partition + "/" + offset + " " + identity + " in block " + interval();
  }
}
