package io.nova.sql.source.follow;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The table has no way from what a following query has handed on to what it holds now. Flink does
 * not restart the query for it, whatever its strategy: that would find the same.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
final class FollowBrokenException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  FollowBrokenException(String message) {
    super(message);
  }
}
