package io.nova.workload.replay;

import java.time.Instant;
import java.util.Set;

/**
 * Which refusals are replayed.
 *
 * @param reasons of these reasons; of all, if empty
 * @param from refused at this time or later
 * @param to refused before this time
 */
public record Selection(Set<String> reasons, Instant from, Instant to) {
  /** Everything that was refused. */
  public static final Selection ALL = new Selection(Set.of(), Instant.MIN, Instant.MAX);

  /** Refuses a range of times in which none lies. */
  public Selection {
    reasons = Set.copyOf(reasons);
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException(
          "Refused from %s to %s: no time lies between, expected the earlier one first."
              .formatted(from, to));
    }
  }

  boolean takes(RejectedMessage refusal) {
    return (reasons.isEmpty() || reasons.contains(refusal.reason()))
        && !refusal.at().isBefore(from)
        && refusal.at().isBefore(to);
  }
}
