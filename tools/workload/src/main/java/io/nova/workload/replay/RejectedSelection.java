package io.nova.workload.replay;

import io.nova.workload.topic.RejectedMessage;
import java.time.Instant;
import java.util.Set;

/**
 * Which rejected messages are replayed.
 *
 * @param reasons only messages rejected for one of these reasons; all, if empty
 * @param from only messages rejected at this time or later
 * @param to only messages rejected before this time
 */
public record RejectedSelection(Set<String> reasons, Instant from, Instant to) {
  /** Every rejected message. */
  public static final RejectedSelection ALL =
      new RejectedSelection(Set.of(), Instant.MIN, Instant.MAX);

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException when no time lies between {@code from} and {@code to}
   */
  public RejectedSelection {
    reasons = Set.copyOf(reasons);
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "Rejected from %s to %s: no time lies between, expected the earlier one first."
              .formatted(from, to));
    }
  }

  boolean includes(RejectedMessage message) {
    return (reasons.isEmpty() || reasons.contains(message.reason()))
        && !message.at().isBefore(from)
        && message.at().isBefore(to);
  }
}
