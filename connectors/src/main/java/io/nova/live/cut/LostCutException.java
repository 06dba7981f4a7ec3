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
    super(StoredCut.lost(id, reason));
  }
}
