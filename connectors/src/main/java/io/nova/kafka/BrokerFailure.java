package io.nova.kafka;

import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Why a question about a topic got no answer from the brokers, in words, and what to do. */
public final class BrokerFailure {
  private BrokerFailure() {}

  /**
   * Text for the middle of a message, without a full stop at its end.
   *
   * @param failure what the client threw
   * @param waitedSeconds how long the client waited
   */
  public static String of(Exception failure, long waitedSeconds) {
    Throwable cause =
        failure instanceof ExecutionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    if (cause instanceof UnknownTopicOrPartitionException) {
      return "it does not exist. Create it, or correct the option that names it";
    }
    if (cause instanceof AuthenticationException) {
      return "authentication failed (%s). Correct nova.kafka.client-config or nova.kafka.property.*"
          .formatted(cause.getMessage());
    }
    if (cause instanceof AuthorizationException) {
      return "the job's user has no right to it (%s). Change the brokers' access rules"
          .formatted(cause.getMessage());
    }
    if (cause instanceof TimeoutException
        || cause instanceof java.util.concurrent.TimeoutException) {
      return ("the brokers did not answer within %d s. Check that they run, "
              + "nova.kafka.bootstrap-servers, and nova.kafka.client-config or nova.kafka.property.* if"
              + " they ask for SASL or TLS")
          .formatted(waitedSeconds);
    }
    return cause.toString();
  }
}
