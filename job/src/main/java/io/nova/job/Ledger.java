package io.nova.job;

import io.nova.block.Shard;
import io.nova.block.Witness;
import io.nova.event.EventParser;
import io.nova.event.IdentityText;
import io.nova.event.Mapping;
import io.nova.event.Parsed;
import io.nova.kafka.Duplicate;
import io.nova.kafka.Offered;
import java.util.List;

/**
 * What is written down of a dropped copy. Its identity is read out of its message a second time:
 * copies are rare, and carrying the text with every event would cost more than the ledger may.
 *
 * <p>Not thread safe.
 */
final class Ledger {
  private final String topic;
  private final EventParser parser;
  private final IdentityText identities = new IdentityText();
  private List<String> identityFields = List.of();

  /** A ledger of the copies from one topic, whose messages a mapping describes. */
  Ledger(String topic, Mapping mapping) {
    this.topic = topic;
    this.parser = new EventParser(mapping, (app, uploadMicros) -> identityFields);
  }

  /** The copy that a shard has just dropped, with the admitted one that it met. */
  Duplicate entry(Offered copy, Shard shard) {
    Duplicate duplicate = new Duplicate();
    duplicate.identity = identity(copy);
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

  private String identity(Offered copy) {
    identityFields =
        copy.identityFields.isEmpty() ? List.of() : List.of(copy.identityFields.split(",", -1));
    if (parser.parse(copy.original) instanceof Parsed.Event event) {
      return identities.of(event.identity());
    }
    throw new IllegalStateException(
        "Ledger: the message at partition "
            + copy.partition
            + ", offset "
            + copy.offset
            + " was an event when it was read, and is none now");
  }
}
