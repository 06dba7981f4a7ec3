package io.nova.job.shard;

import io.nova.event.EventParser;
import io.nova.event.Parsed;
import io.nova.event.identity.IdentityText;
import io.nova.event.mapping.Mapping;
import io.nova.kafka.Duplicate;
import io.nova.shard.Decision.AdmittedCopy;
import io.nova.shard.Offer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.OutputTag;

/**
 * Writes each dropped copy to the duplicates topic. It parses the copy's message again for the
 * identity: copies are rare, and carrying the text with every event would cost more.
 *
 * <p>Copies wait for one second at most, and are written together. A single copy finds neither the
 * parser nor the producer in the processor's caches, which costs several times as much. Waiting
 * copies are written before each checkpoint.
 *
 * <p>Belongs to the task thread.
 */
final class Ledger {
  /** The longest time that a copy waits for others. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** The most copies that wait. */
  static final int MOST_WAITING = 256;

  /** The most bytes of messages that wait, without the last one. */
  static final int MOST_WAITING_BYTES = 1024 * 1024;

  private final String topic;
  private final EventParser parser;
  private final IdentityText identities = new IdentityText();
  private final Output<?> output;
  private final OutputTag<Duplicate> duplicates;
  private final ProcessingTimeService clock;
  private final List<Waiting> waiting = new ArrayList<>(MOST_WAITING);
  private List<String> identityFields = List.of();
  private long waitingBytes;
  private boolean timed;

  /** A waiting copy, whose identity has not been read yet. */
  @SuppressWarnings("ArrayRecordComponent") // compared by no one
  private record Waiting(Duplicate duplicate, String identityFields, byte[] original) {}

  /** A ledger of the copies from one topic, whose messages a mapping describes. */
  Ledger(
      String topic,
      Mapping mapping,
      Output<?> output,
      OutputTag<Duplicate> duplicates,
      ProcessingTimeService clock) {
    this.topic = topic;
    this.parser = new EventParser(mapping, (app, uploadMicros) -> identityFields);
    this.output = output;
    this.duplicates = duplicates;
    this.clock = clock;
  }

  /** Adds a dropped copy, with the admitted copy that the shard found. */
  void dropped(Offer copy, AdmittedCopy first) {
    waiting.add(new Waiting(duplicate(copy, first), copy.identityFields, copy.original));
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

  private Duplicate duplicate(Offer copy, AdmittedCopy first) {
    Duplicate duplicate = new Duplicate();
    duplicate.app = copy.app;
    duplicate.uploadMicros = copy.uploadMicros;
    duplicate.topic = topic;
    duplicate.partition = copy.partition;
    duplicate.offset = copy.offset;
    duplicate.kind = first.kind();
    duplicate.gapBlocks = first.gapBlocks();
    return duplicate;
  }

  /** Writes all waiting copies. */
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
