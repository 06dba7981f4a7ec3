package io.nova.iceberg.commit;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import java.util.Optional;

/**
 * Whether a restored state fits the handoff of its table.
 *
 * @param table the folder of the table, for messages
 * @param handoff what the table says
 */
record RestoreCheck(String table, HandoffProperties handoff) {
  /**
   * Checks a state against the last completed batch.
   *
   * @throws IllegalStateException if the state is from before the close of the batch, or closed it
   *     by another link than the one that the batch layer has read
   */
  void mustFit(CommitterState state) {
    long batch = handoff.completed();
    if (batch == BatchNumbers.NONE) {
      return;
    }
    String link = state.closingLink(batch).orElseThrow(() -> isEarlier(state, batch));
    Optional<String> read = handoff.batch(batch).map(Batch::link);
    if (read.isPresent() && !read.get().equals(link)) {
      throw new IllegalStateException(
          ("Table %s: batch %d was completed with link %s. The restored state closed it by link %s:"
                  + " it is of another branch, with other rows. Restore a checkpoint or savepoint of"
                  + " the branch of link %s. Nothing was changed.")
              .formatted(table, batch, read.get(), link, read.get()));
    }
  }

  private IllegalStateException isEarlier(CommitterState state, long batch) {
    return new IllegalStateException(
        ("Table %s: batch %d is completed. The restored state is from before its close: %s. Expected"
                + " a state from after it, since the shards cannot take over a completed batch yet."
                + " Restore a later checkpoint or savepoint. Or withdraw the batch with the job as"
                + " it ran last, and restore this one then. Nothing was changed.")
            .formatted(
                table,
                batch,
                state.known().isEmpty()
                    ? "it knows no closed batch"
                    : "it knows closed batches up to "
                        + state.known().get(state.known().size() - 1).batch()));
  }
}
