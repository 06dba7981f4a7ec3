package io.nova.sql.source.reader;

import io.nova.sql.source.split.SplitPart;
import java.io.IOException;
import java.io.Serial;

/**
 * A part of a split that cannot be read. Flink may try again. A SQL client shows the innermost
 * cause only, so it has none: the reason is in the message, and suppressed for the log.
 */
public final class UnreadablePartException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  /** A part and the reason. */
  public UnreadablePartException(SplitPart part, Exception reason) {
    super(
        "%s: it cannot be read, the query fails: %s".formatted(part.title(), reason.getMessage()));
    addSuppressed(reason);
  }
}
