package io.nova.sql.live;

import java.time.Duration;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A strict live query that not all key groups answered. Nothing was read.
 *
 * <p>Flink does not restart the query for it, whatever its strategy: it has waited for as long as
 * it was told to, and whoever asked is to hear why.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class IncompleteReadException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  IncompleteReadException(String table, Duration waited, String gaps) {
    super(
        ("Table %s: a strict live query wants an answer of every key group, and for %s "
                + "s did not get it. %s. Nothing was read. Start the job, or wait until it is "
                + "back, and ask again; or ask with 'read' = 'committed' for what the table "
                + "holds, or with 'completeness' = 'available' for what answers.")
            .formatted(table, waited.toMillis() / 1000.0, gaps));
  }
}
