package io.nova.live.cut;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The failure of a query on a pinned cut that cannot be read any more. Nothing else has its rows.
 *
 * <p>Flink does not restart the query, whatever its restart strategy: the rows do not come back.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class LostCutException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A cut that is lost.
   *
   * @param reason the end of a sentence, without its period
   */
  public LostCutException(String id, String reason) {
    super(text(id, reason));
  }

  /** The message for users. */
  public static String text(String id, String reason) {
    return "Option 'live.cut': the cut %s is lost: %s. Its rows cannot be read again. Pin another cut."
        .formatted(id, reason.endsWith(".") ? reason.substring(0, reason.length() - 1) : reason);
  }
}
