package io.nova.workload.send;

import java.time.Duration;
import java.util.List;

/**
 * What became of the messages of one {@link Sender#send}.
 *
 * @param sent messages that the broker has acknowledged
 * @param sentBytes the size of their values
 * @param failed messages that are not on the topic
 * @param failures the first failures, at most {@link Sender#MAX_NAMED_FAILURES}, in the order of
 *     the messages
 * @param failedIndexes the index (from 0) of every failed message, ascending
 * @param complete false when sending was interrupted before the last message was read
 * @param elapsed from the first message to the last acknowledgement
 */
public record SendReport(
    long sent,
    long sentBytes,
    long failed,
    List<Failure> failures,
    List<Long> failedIndexes,
    boolean complete,
    Duration elapsed) {
  /** Keeps copies. */
  public SendReport {
    failures = List.copyOf(failures);
    failedIndexes = List.copyOf(failedIndexes);
    if (failedIndexes.size() != failed || failures.size() > failed) {
      throw new IllegalArgumentException(
          "%d failed messages, but %d indexes and %d failures"
              .formatted(failed, failedIndexes.size(), failures.size()));
    }
  }

  /** Whether every message was read and acknowledged. */
  public boolean allSent() {
    return complete && failed == 0;
  }

  /**
   * One message that is not on the topic.
   *
   * @param index its place among the messages, from 0
   * @param sizeBytes the length of its value
   * @param reason the error of the broker, or of the client for a message over the size limit
   */
  public record Failure(long index, int sizeBytes, String reason) {}
}
