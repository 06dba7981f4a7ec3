package io.nova.job.shard;

import io.nova.event.RejectReason;
import io.nova.job.metrics.OutcomeCounters;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.Rejected;
import io.nova.shard.Decision;
import io.nova.shard.Offer;
import io.nova.shard.Shard;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Offers events to their shards and counts the decisions. Rejected events go to the rejected topic.
 * Dropped copies go to the ledger, and admitted events to the admitted topic, while these are on.
 * Belongs to the task thread.
 */
final class AdmissionHandler {
  private final NovaSettings settings;
  private final Output<?> output;
  private final OutputTag<Rejected> rejected;
  private final OutcomeCounters figures;
  private final Ledger ledger;
  private final AdmittedStream stream;

  AdmissionHandler(
      NovaSettings settings,
      Output<?> output,
      OutputTag<Rejected> rejected,
      OutcomeCounters figures,
      Ledger ledger,
      AdmittedStream stream) {
    this.settings = settings;
    this.output = output;
    this.rejected = rejected;
    this.figures = figures;
    this.ledger = ledger;
    this.stream = stream;
  }

  /** Lets a shard decide on an event. */
  void decide(Shard shard, Offer event) {
    Decision decision = shard.offer(event);
    switch (decision.admission()) {
      case ADMITTED, ADMITTED_BESIDE -> admitted(shard, event);
      case DUPLICATE -> duplicate(shard, event, decision);
      case CONFLICTING ->
          reject(
              shard,
              event,
              RejectReason.CONFLICTING,
              "an admitted event of its identity has another payload");
      case TOO_LATE ->
          reject(
              shard,
              event,
              RejectReason.TOO_LATE,
              "further below the progress of its partition, %s, than the lateness limit, %s"
                  .formatted(
                      Instant.EPOCH.plus(event.progressMicros, ChronoUnit.MICROS),
                      settings.blockRules().latenessLimit()));
      case UNKNOWN ->
          reject(
              shard,
              event,
              RejectReason.UNKNOWN,
              "a block that could hold its earlier copy is no longer in state");
      case HANDED_OFF ->
          reject(
              shard,
              event,
              RejectReason.HANDED_OFF,
              "read before its batch was closed; the batch layer has the batch");
      case BATCH_CLOSED ->
          reject(
              shard,
              event,
              RejectReason.BATCH_CLOSED,
              "new, but its batch is closed: all batches are, up to "
                  + settings.blockRules().start(shard.closedBelow()));
    }
  }

  private void admitted(Shard shard, Offer event) {
    figures.admitted();
    shard.tally().of(event.countedAs).admitted++;
    shard.newest().admitted(event.partition, event.uploadMicros, event.eventMicros);
    if (settings.admitted().on()) {
      stream.admitted(event);
    }
  }

  private void duplicate(Shard shard, Offer event, Decision decision) {
    figures.duplicate();
    shard.tally().of(event.countedAs).duplicates++;
    if (settings.ledger()) {
      ledger.dropped(event, decision.copy().orElseThrow());
    }
  }

  private void reject(Shard shard, Offer event, RejectReason reason, String detail) {
    figures.rejected(reason);
    shard.tally().rejected(event.countedAs, reason);
    Rejected message =
        Rejected.of(reason, detail, settings.topic(), event.partition, event.offset, event.original)
            .uploadedAt(event.uploadMicros);
    output.collect(
        rejected,
        new StreamRecord<>(event.element ? message.element(event.index, event.envelope) : message));
  }
}
