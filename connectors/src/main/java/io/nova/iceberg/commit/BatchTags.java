package io.nova.iceberg.commit;

import io.nova.event.row.EventSchema;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import io.nova.iceberg.commit.LinkSummary.Step;
import io.nova.shard.progress.Ancestry;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.ManageSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Transaction;
import org.apache.iceberg.expressions.Expressions;

/**
 * The tags of closed batches, as changes of one transaction. The tag {@code batch-n} names a side
 * snapshot: the files of batch n and nothing else. A side snapshot is no place in the commit chain.
 */
public final class BatchTags {
  private final Transaction transaction;

  BatchTags(Transaction transaction) {
    this.transaction = transaction;
  }

  /** The name of a batch's tag. */
  public static String name(long batch) {
    return "batch-" + batch;
  }

  /**
   * Makes the tag of a batch from the files of the transaction's current snapshot. A tag of this
   * name moves.
   *
   * @param closing what the closing link says
   * @return what the table's handoff says of the batch
   */
  Batch make(ClosedBatch closed, Closing closing) {
    Snapshot side = stage(closed, closing);
    String name = name(closed.batch());
    ManageSnapshots tags = transaction.manageSnapshots();
    if (exists(closed.batch())) {
      tags.replaceTag(name, side.snapshotId()).commit();
    } else {
      tags.createTag(name, side.snapshotId()).commit();
    }
    return Batch.closed(
        closed.batch(),
        closed.link(),
        BatchFiles.rows(transaction.table(), side),
        closing.digest(closed.batch()),
        side.timestampMillis(),
        closing.by());
  }

  /**
   * Makes the tags those of a branch, whose files are in the transaction's current snapshot. Tags
   * of other branches go, missing ones are made again. Tags of completed batches stay as they are.
   *
   * @param closed the closed batches of the branch
   * @return what the table's handoff says afterwards
   */
  HandoffProperties follow(ClosedBatches closed, HandoffProperties handoff) {
    HandoffProperties after = handoff;
    for (Batch one : handoff.batches()) {
      boolean ofBranch = closed.link(one.batch()).filter(one.link()::equals).isPresent();
      if (!ofBranch && !handoff.isCompleted(one.batch())) {
        drop(one.batch());
        after = after.without(one.batch());
      }
    }
    for (ClosedBatch one : closed.above(handoff.completed()).batches()) {
      if (after.batch(one.batch()).isEmpty() || !exists(one.batch())) {
        after = after.with(makeAgain(one));
      }
    }
    return after;
  }

  /** The closing link says who closed and which offsets were read, if a snapshot still has it. */
  private Batch makeAgain(ClosedBatch closed) {
    Optional<Snapshot> source =
        StreamSupport.stream(transaction.table().snapshots().spliterator(), false)
            .filter(snapshot -> isOfClose(snapshot, closed.link()))
            .findFirst();
    return make(
        closed,
        source
            .map(Closing::of)
            .orElse(new Closing("nova", Map.of(), Ancestry.NONE, unknownDigest(closed))));
  }

  private static Map<Long, String> unknownDigest(ClosedBatch closed) {
    return Map.of(closed.batch(), "");
  }

  private static boolean isOfClose(Snapshot snapshot, String link) {
    Map<String, String> summary = snapshot.summary();
    return summary.containsKey(LinkSummary.CLOSED_BY)
        && (link.equals(summary.get(LinkSummary.UUID))
            || link.equals(summary.get(LinkSummary.TAG_LINK)));
  }

  private boolean exists(long batch) {
    return transaction.table().refs().containsKey(name(batch));
  }

  private Snapshot stage(ClosedBatch closed, Closing closing) {
    String batch = Long.toString(closed.batch());
    DeleteFiles others =
        transaction
            .newDelete()
            .deleteFromRowFilter(Expressions.notEqual(EventSchema.BATCH_NUMBER, closed.batch()))
            .stageOnly()
            .set(LinkSummary.STEP, Step.TAG.name())
            .set(LinkSummary.TAG_BATCH, batch)
            .set(LinkSummary.TAG_LINK, closed.link());
    closing.to(others);
    others.commit();
    return StreamSupport.stream(transaction.table().snapshots().spliterator(), false)
        .filter(snapshot -> batch.equals(snapshot.summary().get(LinkSummary.TAG_BATCH)))
        .max(Comparator.comparingLong(Snapshot::sequenceNumber))
        .orElseThrow();
  }

  /** Drops the tag of a batch, if there is one. Its side snapshot may expire then. */
  void drop(long batch) {
    if (exists(batch)) {
      transaction.manageSnapshots().removeTag(name(batch)).commit();
    }
  }

  /** Sets what the table says of the handoff. */
  void set(HandoffProperties handoff) {
    transaction.updateProperties().set(HandoffProperties.PROPERTY, handoff.json()).commit();
  }
}
