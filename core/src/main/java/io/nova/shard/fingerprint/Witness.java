package io.nova.shard.fingerprint;

/**
 * What is remembered of an admitted copy beside its fingerprint, where somebody asks for it: the
 * ledger, or a rule about conflicting duplicates.
 *
 * @param payload digest of what the client sent
 * @param uploadMicros its upload time, microseconds since 1970
 * @param partition Kafka partition that it was read from, from 0
 * @param offset its offset there
 */
public record Witness(long payload, long uploadMicros, int partition, long offset) {
  public Witness {
    if (partition < 0) {
      throw new IllegalArgumentException("A witness of partition " + partition);
    }
  }
}
