package io.nova.job.shard;

import io.nova.event.RowIdentity;
import io.nova.event.identity.IdentityText;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import io.nova.event.row.RowCursor;
import io.nova.event.row.RowFormat;
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
 * Writes each dropped copy to the duplicates topic. It finds the identity in the copy's row: copies
 * are rare, and carrying the text with every event would cost more. A message may need a schema
 * that only the source has, so it is not read again.
 *
 * <p>Copies wait for one second at most, and are written together. A single copy finds neither this
 * code nor the producer in the processor's caches, which costs several times as much. Waiting
 * copies are written before each checkpoint.
 *
 * <p>Belongs to the task thread.
 */
final class Ledger {
  /** The longest time that a copy waits for others. */
  static final Duration LONGEST_WAIT = Duration.ofSeconds(1);

  /** The most copies that wait. */
  static final int MOST_WAITING = 256;

  /** The most bytes of rows that wait, without the last one. */
  static final int MOST_WAITING_BYTES = 1024 * 1024;

  private final String topic;
  private final RowIdentity rows;
  private final RowCursor row = new RowCursor();
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
  private record Waiting(Duplicate duplicate, String identityFields, byte[] row) {}

  /** A ledger of the copies from one topic, whose records a mapping describes. */
  Ledger(
      String topic,
      Mapping mapping,
      Output<?> output,
      OutputTag<Duplicate> duplicates,
      ProcessingTimeService clock) {
    this.topic = topic;
    this.rows = new RowIdentity(mapping, (app, uploadMicros) -> identityFields);
    this.output = output;
    this.duplicates = duplicates;
    this.clock = clock;
  }

  /** Adds a dropped copy, with the admitted copy that the shard found. */
  void dropped(Offer copy, AdmittedCopy first) {
    waiting.add(new Waiting(duplicate(copy, first), copy.identityFields, copy.row));
    waitingBytes += copy.row.length;
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
    duplicate.index = copy.index;
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
    row.move(copy.row, 0, RowFormat.columns() - 1);
    return identities.of(
        rows.of(name -> row.value(EventSchema.position(name)))
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        ("Ledger: the message at partition %s, offset %s was an event when it was"
                                + " read, and its row has no identity")
                            .formatted(copy.duplicate.partition, copy.duplicate.offset))));
  }
}
