package io.nova.kafka.batches.client;

import java.io.Serial;

/** The topic {@code batches} did not take a request, or cannot be read. */
public final class RequestTopicException extends RuntimeException {
  @Serial private static final long serialVersionUID = 1;

  RequestTopicException(String message, Throwable cause) {
    super(message, cause);
  }

  RequestTopicException(String message) {
    super(message);
  }
}
