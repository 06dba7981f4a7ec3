package io.nova.job.shard;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.identity.IdentityText;
import io.nova.event.mapping.Mapping;
import io.nova.kafka.Duplicate;
import io.nova.kafka.Offered;
import io.nova.shard.BlockFile;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.Witness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.OutputTag;

/**
 * Writes down each dropped copy. Its identity is read out of its message a second time: copies are
 * rare, and carrying the text with every event would cost more than the ledger may.
 *
 * <p>Copies wait for each other for a second at most. One alone would find neither the parser nor
 * the producer in the processor's caches, which costs several times what they do. Whoever takes a
 * checkpoint writes what waits first.
 *
 * <p>Belongs to the task thread.
 */
final class Ledger {
  /** How long a copy waits at most for others. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** How many copies wait at most. */
  static final int MOST_WAITING = 256;

  /** How many bytes the messages of waiting copies have at most, but for the last one. */
  static final int MOST_WAITING_BYTES = 1024 * 1024;

  private final String topic;
  private final EventParser parser;
  private final IdentityText identities = new IdentityText();
  private final Output<StreamRecord<BlockFile>> output;
  private final OutputTag<Duplicate> duplicates;
  private final ProcessingTimeService clock;
  private final List<Waiting> waiting = new ArrayList<>(MOST_WAITING);
  private List<String> identityFields = List.of();
  private long waitingBytes;
  private boolean timed;

  /** A copy whose identity has not been read yet. */
  @SuppressWarnings("ArrayRecordComponent") // compared by no one
  private record Waiting(Duplicate duplicate, String identityFields, byte[] original) {}

  /** A ledger of the copies from one topic, whose messages a mapping describes. */
  Ledger(
      String topic,
      Mapping mapping,
      Output<StreamRecord<BlockFile>> output,
      OutputTag<Duplicate> duplicates,
      ProcessingTimeService clock) {
    this.topic = topic;
    this.parser = new EventParser(mapping, (app, uploadMicros) -> identityFields);
    this.output = output;
    this.duplicates = duplicates;
    this.clock = clock;
  }

  /** Notes the copy that a shard has just dropped, with the admitted one that it met. */
  void dropped(Offered copy, Shard shard) {
    waiting.add(new Waiting(duplicate(copy, shard), copy.identityFields, copy.original));
    waitingBytes += copy.original.length;
    if (waiting.size() >= MOST_WAITING || waitingBytes >= MOST_WAITING_BYTES) {
      write();
    } else if (!timed) {
      timed = true;
      ScheduledFuture<?> unused =
          clock.registerTimer(
              clock.getCurrentProcessingTime() + LONGEST_WAIT.toMillis(), now -> waited());
    }
  }

  private void waited() {
    timed = false;
    write();
  }

  private Duplicate duplicate(Offered copy, Shard shard) {
    Duplicate duplicate = new Duplicate();
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

  /** Writes all copies that wait. */
  void write() {
    for (Waiting copy : waiting) {
      copy.duplicate.identity = identity(copy);
      output.collect(duplicates, new StreamRecord<>(copy.duplicate));
    }
    waiting.clear();
    waitingBytes = 0;
  }

  private String identity(Waiting copy) {
    identityFields =
        copy.identityFields.isEmpty() ? List.of() : List.of(copy.identityFields.split(",", -1));
    if (parser.parse(copy.original) instanceof Parsed.Event event) {
      return identities.of(event.identity());
    }
    throw new IllegalStateException(
        ("Ledger: the message at partition %s, offset %s was an event when it was read, "
                + "and is none now")
            .formatted(copy.duplicate.partition, copy.duplicate.offset));
  }
}
