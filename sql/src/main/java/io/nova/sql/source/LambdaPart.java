package io.nova.sql.source;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The part of a scan of {@code lambda_events} that reads the table of the batch layer: the rows of
 * completed batches.
 *
 * @param scan the scan of that table; null if there was no such table when the query was planned
 */
public record LambdaPart(@Nullable EventScan scan) implements Serializable {
  /**
   * The scan of that table.
   *
   * @param completed the last completed batch, for the message
   * @throws IllegalStateException if there is no such table
   */
  public EventScan required(long completed) {
    if (scan == null) {
      throw missing(completed);
    }
    return scan;
  }

  /**
   * The failure of a query that needs that table while there is none, or one without a snapshot.
   */
  public static IllegalStateException missing(long completed) {
    return new IllegalStateException(
        "Table nova.batch_events: it is missing or was never written, and batch "
            + completed
            + " is completed, so lambda_events needs its rows. Nothing is read. Let the batch layer"
            + " write the table, or withdraw the batch. Then run the query again.");
  }
}
