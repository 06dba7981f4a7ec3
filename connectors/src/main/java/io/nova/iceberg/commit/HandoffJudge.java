package io.nova.iceberg.commit;

import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges a request to complete or withdraw a batch. Pure.
 *
 * @param handoff what the table says of the handoff
 * @param closed the closed batches of the head
 */
record HandoffJudge(HandoffProperties handoff, ClosedBatches closed) {
  /**
   * A judgement.
   *
   * @param after the handoff after it; the same where nothing changes
   */
  record Verdict(HandoffResult result, HandoffProperties after) {}

  private Verdict done(HandoffProperties after, String detail) {
    return new Verdict(HandoffResult.done(detail), after);
  }

  private Verdict refused(String detail) {
    return new Verdict(HandoffResult.refused(detail + " Nothing was changed."), handoff);
  }

  /**
   * The batch layer has read a batch and answers for it.
   *
   * @param link UUID of the closing link that it has read
   * @param audit its figures; null where it gave none
   */
  Verdict complete(long batch, String link, @Nullable AuditFigures audit, String by, Instant now) {
    return complete(batch, link, audit, false, by, now);
  }

  /** Completes a batch that the batch layer has not read. Order and link are judged as always. */
  Verdict forceComplete(long batch, String link, String by, Instant now) {
    return complete(batch, link, null, true, by, now);
  }

  private Verdict complete(
      long batch,
      String link,
      @Nullable AuditFigures audit,
      boolean byForce,
      String by,
      Instant now) {
    if (handoff.isCompleted(batch)) {
      return completedBefore(batch, link);
    }
    ClosedBatch next = closed.next(handoff.completed()).orElse(null);
    Optional<String> closing = closed.link(batch);
    if (next == null || closing.isEmpty()) {
      return refused(
          batch < closed.greatest()
              ? "Batch %d had no events when batch %d was closed, so it has no tag to complete."
                  .formatted(batch, closed.greatest())
              : "Batch " + batch + " is not closed. Close it first.");
    }
    if (batch != next.batch()) {
      return refused(
          ("Batch %d comes after batch %d, which is not completed. Complete that one first: its"
                  + " link is %s.")
              .formatted(batch, next.batch(), next.link()));
    }
    if (!link.equals(next.link())) {
      return refused(
          ("Batch %d: the request names link %s, the batch was closed by link %s. Read the tag %s"
                  + " again and name that link.")
              .formatted(batch, link, next.link(), BatchTags.name(batch)));
    }
    Batch entry = entry(batch);
    if (audit != null && differs(audit, entry)) {
      return refused(
          ("Batch %d: the batch layer has %d rows with digest %s, the tag %s has %d rows with"
                  + " digest %s.")
              .formatted(
                  batch,
                  audit.rows(),
                  audit.digest(),
                  BatchTags.name(batch),
                  entry.rows(),
                  entry.digest().isEmpty() ? "unknown" : entry.digest()));
    }
    return done(
        handoff.with(entry.completed(now.toEpochMilli(), by, byForce)).upTo(batch),
        "Batch " + batch + (byForce ? " is completed by force." : " is completed."));
  }

  private Verdict completedBefore(long batch, String link) {
    String found = handoff.batch(batch).map(Batch::link).orElse("one that is no longer known");
    if (found.equals(link)) {
      return done(handoff, "Batch " + batch + " is completed.");
    }
    return refused(
        "Batch %d is completed already, with link %s. The request names link %s."
            .formatted(batch, found, link));
  }

  private static boolean differs(AuditFigures audit, Batch entry) {
    return audit.rows() != entry.rows()
        || (!entry.digest().isEmpty() && !audit.digest().equals(entry.digest()));
  }

  /** Takes the last completion back. The batch stays closed. */
  Verdict withdraw(long batch, String by, Instant now) {
    if (!handoff.isCompleted(batch)) {
      return handoff.batch(batch).map(Batch::withdrawnAtMs).isPresent()
          ? done(handoff, "Batch " + batch + " is withdrawn.")
          : refused("Batch " + batch + " is not completed.");
    }
    if (batch != handoff.completed()) {
      return refused(
          "Batch %d is not the last completed batch: that is %d. Withdraw that one first."
              .formatted(batch, handoff.completed()));
    }
    if (batch <= handoff.deleted()) {
      return refused(
          "Batch "
              + batch
              + " was removed from the table after its completion. It cannot be withdrawn.");
    }
    Batch entry = entry(batch);
    if (closed.link(batch).filter(entry.link()::equals).isEmpty()) {
      return refused(
          ("Batch %d was completed with link %s. The table went back to a savepoint from before"
                  + " that link, so its rows are not all there. It cannot be withdrawn.")
              .formatted(batch, entry.link()));
    }
    return done(
        handoff.with(entry.withdrawn(now.toEpochMilli(), by)).upTo(before(batch)),
        "Batch " + batch + " is withdrawn.");
  }

  private Batch entry(long batch) {
    return handoff
        .batch(batch)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    ("Table property %s: batch %d is closed and has no entry. A bug: each closing"
                            + " link adds one.")
                        .formatted(HandoffProperties.PROPERTY, batch)));
  }

  /** The completed batch before one: the last one with a tag, or the last removed one. */
  private long before(long batch) {
    long tagged =
        handoff.batches().stream()
            .mapToLong(Batch::batch)
            .filter(one -> one < batch)
            .max()
            .orElse(BatchNumbers.NONE);
    return Math.max(tagged, handoff.deleted());
  }
}
