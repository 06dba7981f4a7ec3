package io.nova.job;

import io.nova.block.Shard;
import io.nova.block.Witness;
import io.nova.kafka.Duplicate;
import io.nova.kafka.Offered;

/** What is written down of a dropped copy. */
final class Ledger {
  private Ledger() {}

  /** The copy that a shard has just dropped, with the admitted one that it met. */
  static Duplicate entry(String topic, Offered copy, Shard shard) {
    Duplicate duplicate = new Duplicate();
    duplicate.identity = copy.identity;
    duplicate.app = copy.app;
    duplicate.uploadMicros = copy.uploadMicros;
    duplicate.topic = topic;
    duplicate.partition = copy.partition;
    duplicate.offset = copy.offset;
    Witness first = shard.met();
    if (first != null) {
      duplicate.kind = shard.metConflicting() ? Duplicate.Kind.CONFLICTING : Duplicate.Kind.NATURAL;
      duplicate.firstKnown = true;
      duplicate.firstUploadMicros = first.uploadMicros();
      duplicate.firstPartition = first.partition();
      duplicate.firstOffset = first.offset();
    }
    return duplicate;
  }
}
