package io.nova.iceberg.commit;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/**
 * Whether a restored state fits the handoff of its table.
 *
 * @param table the table as loaded
 */
record RestoreCheck(Table table) {
  /**
   * Checks a state against the completed batches.
   *
   * @return the completed batches that the state has not closed, oldest first: it leaves them to
   *     the batch layer
   * @throws IllegalStateException if the state is of another branch than the one that the batch
   *     layer has read, if it relies on a completion that was withdrawn, or if the tag of such a
   *     batch is gone
   */
  List<ClosedBatch> handedOff(CommitterState state) {
    HandoffProperties handoff = HandoffProperties.of(table.properties());
    mustNotRelyOnWithdrawn(state, handoff);
    List<ClosedBatch> left = new ArrayList<>();
    for (Batch completed : handoff.batches()) {
      if (handoff.isCompleted(completed.batch())) {
        Optional<String> closed = state.closingLink(completed.batch());
        if (closed.isPresent()) {
          mustBe(completed, closed.get());
        } else {
          mustDescendFrom(state, completed);
          left.add(new ClosedBatch(completed.batch(), completed.link()));
        }
      }
    }
    mustHaveAll(state, handoff, left);
    return left;
  }

  private void mustBe(Batch completed, String link) {
    if (!completed.link().equals(link)) {
      throw refused(
          ("batch %d was completed with link %s. The restored state closed it by link %s: it is of"
                  + " another branch, with other rows. Restore a checkpoint or savepoint of the"
                  + " branch of link %s.")
              .formatted(completed.batch(), completed.link(), link, completed.link()));
    }
  }

  /** A state from before the close must be one that the closing link has gone through. */
  private void mustDescendFrom(CommitterState state, Batch completed) {
    Snapshot tag = tag(state, completed.batch());
    boolean ancestor = state.lineage().last().filter(Closing.of(tag).lineage()::holds).isPresent();
    if (!ancestor) {
      throw refused(
          ("batch %d was completed with link %s. The restored state is from before its close, and"
                  + " that link does not descend from it: it is of another branch, with other"
                  + " rows. Restore a checkpoint or savepoint of the branch of that link.")
              .formatted(completed.batch(), completed.link()));
    }
  }

  private Snapshot tag(CommitterState state, long batch) {
    Snapshot tag = table.snapshot(BatchTags.name(batch));
    if (tag == null) {
      throw refused(
          ("batch %d is completed, the restored state is from before its close, and the tag %s is"
                  + " gone. %s. A tag goes nova.savepoint.retention after the removal of its batch."
                  + " Restore a later savepoint.")
              .formatted(batch, BatchTags.name(batch), state.age(Instant.now())));
    }
    return tag;
  }

  /** The tags of some completed batches may be gone, and their entries with them. */
  private void mustHaveAll(
      CommitterState state, HandoffProperties handoff, List<ClosedBatch> left) {
    long completed = handoff.completed();
    if (completed == BatchNumbers.NONE || state.closingLink(completed).isPresent()) {
      return;
    }
    Set<Long> found = left.stream().map(ClosedBatch::batch).collect(Collectors.toSet());
    long last = state.lastClosed();
    for (long batch = last == BatchNumbers.NONE ? completed : last + 1;
        batch <= completed;
        batch++) {
      if (!found.contains(batch)) {
        Snapshot unused = tag(state, batch);
      }
    }
  }

  /** A state that left a batch to the batch layer has not its rows. */
  private void mustNotRelyOnWithdrawn(CommitterState state, HandoffProperties handoff) {
    for (ClosedBatch left : state.handedOff()) {
      if (!handoff.isCompleted(left.batch())) {
        throw refused(
            ("the restored state has left batch %d to the batch layer, and its completion was"
                    + " withdrawn since. Its rows are not in the state's table. Complete it again,"
                    + " or restore a state from before the completion.")
                .formatted(left.batch()));
      }
    }
  }

  private IllegalStateException refused(String why) {
    return new IllegalStateException(
        "Table " + table.location() + ": " + why + " Nothing was changed.");
  }
}
