package io.nova.sql.source.follow;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The failure of a following query whose shown rows are not part of the table's history any more.
 * Flink does not restart the query, whatever its restart strategy: the result would be the same.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
final class FollowBrokenException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  FollowBrokenException(String message) {
    super(message);
  }
}
