package io.nova.workload.send;

import java.time.Duration;
import java.util.List;

/**
 * What became of the messages of one {@link Sender#send}.
 *
 * @param sent messages that the broker has acknowledged
 * @param sentBytes the size of their values
 * @param refused messages that are not on the topic
 * @param refusals the first refusals, at most {@link Sender#MAX_NAMED_REFUSALS}, in the order of
 *     the messages
 * @param refusedIndexes the index (from 0) of every refused message, ascending
 * @param complete false when sending was interrupted before the last message was read
 * @param elapsed from the first message to the last acknowledgement
 */
public record SendReport(
    long sent,
    long sentBytes,
    long refused,
    List<Refusal> refusals,
    List<Long> refusedIndexes,
    boolean complete,
    Duration elapsed) {
  public SendReport {
    refusals = List.copyOf(refusals);
    refusedIndexes = List.copyOf(refusedIndexes);
    if (refusedIndexes.size() != refused || refusals.size() > refused) {
      throw new IllegalArgumentException(
          "%d refused messages, but %d indexes and %d refusals"
              .formatted(refused, refusedIndexes.size(), refusals.size()));
    }
  }

  /** Whether every message was read and acknowledged. */
  public boolean everythingAccepted() {
    return complete && refused == 0;
  }

  /**
   * One message that is not on the topic.
   *
   * @param index its place among the messages, from 0
   * @param sizeBytes the length of its value
   * @param reason what the broker (or, for a message over the size limit, the client) said
   */
  public record Refusal(long index, int sizeBytes, String reason) {}
}
