package io.nova.kafka.batches.client;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRequest;
import java.time.Duration;
import java.util.Optional;

/** The topic {@code batches}, as a client uses it. For one thread. */
public interface RequestTopic {
  /**
   * Appends a request, and returns when all replicas have it.
   *
   * @param id the request id
   * @return the answers, which the caller closes
   * @throws RequestTopicException if the topic does not take it; the message says whether it may be
   *     there nevertheless
   */
  Answers send(String id, BatchRequest request);

  /** The answers to one request. */
  interface Answers extends AutoCloseable {
    /**
     * The first answer; empty if there is none within this time.
     *
     * @throws RequestTopicException if the topic cannot be read
     */
    Optional<BatchAnswer> poll(Duration atMost);

    @Override
    void close();
  }
}
