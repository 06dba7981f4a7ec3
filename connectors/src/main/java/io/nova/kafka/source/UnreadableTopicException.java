package io.nova.kafka.source;

import java.io.Serial;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * The topic no longer has what the state goes on from. A restart would find the same, so Flink ends
 * the job as FAILED and keeps its last checkpoint.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class UnreadableTopicException extends IllegalStateException {
  @Serial private static final long serialVersionUID = 1;

  public UnreadableTopicException(String message) {
    super(message);
  }
}
