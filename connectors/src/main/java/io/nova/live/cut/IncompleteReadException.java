package io.nova.live.cut;

import java.time.Duration;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The failure of a strict live query to get an answer of every key group. Nothing was read.
 *
 * <p>Flink does not restart the query, whatever its restart strategy. The query has waited for the
 * configured time already, and its user must see the reason.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class IncompleteReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IncompleteReadException(String table, Duration timeout, String gaps) {
    super(
        ("Table %s: a strict live query needs an answer of every key group, and did not get "
                + "it within %s s. %s. Nothing was read. Start the job, or wait until it is "
                + "back, and run the query again. Or set 'read' = 'committed' to read the table "
                + "alone, or 'completeness' = 'available' to read the key groups that answer.")
            .formatted(table, timeout.toMillis() / 1000.0, gaps));
  }
}
