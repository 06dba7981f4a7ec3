package io.nova.kafka.batches.client;

import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.HandoffProperties;
import java.util.Optional;
import org.apache.iceberg.Table;

/**
 * The batches of a table, at one version of its metadata.
 *
 * @param closed the closed batches, as the head lists them
 * @param handoff what the table's property says
 */
public record TableBatches(ClosedBatches closed, HandoffProperties handoff) {
  /** Reads the table as it was loaded last. */
  public static TableBatches of(Table table) {
    return new TableBatches(
        ClosedBatches.of(table.currentSnapshot()), HandoffProperties.of(table.properties()));
  }

  /**
   * Whether no event of a batch is admitted any more, and its events are in the table. A batch
   * without events before the first close has no tag, but a later batch closed it too.
   */
  public boolean isClosed(long batch) {
    return batch <= closed.greatest() || handoff.isCompleted(batch);
  }

  /** The UUID of the link that closed a batch; empty if it is open or its tag is gone. */
  public Optional<String> link(long batch) {
    return closed.link(batch).or(() -> entry(batch).map(HandoffProperties.Batch::link));
  }

  /** Whether the completion of a batch was taken back, and it was not completed again. */
  public boolean isWithdrawn(long batch) {
    return !handoff.isCompleted(batch)
        && entry(batch).filter(one -> one.withdrawnAtMs() != null).isPresent();
  }

  /** What the property says of a batch; empty for one without a tag. */
  public Optional<HandoffProperties.Batch> entry(long batch) {
    return handoff.batch(batch);
  }
}
