package io.nova.sql.source.reader;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The failure of a query that must be started again. Its message is one that users see.
 *
 * <p>A SQL client shows the innermost cause only, so it has none: what it comes from is suppressed,
 * and is in the log. Flink does not restart the query, whatever its restart strategy: its leases
 * are gone, and a client would only see that the job was restarted.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class QueryFailedException extends IOException {
  private static final long serialVersionUID = 1L;

  QueryFailedException(String message, Exception reason) {
    super(message);
    addSuppressed(reason);
  }
}
