package io.nova.cli.run;

import java.util.List;

/**
 * The sum of all comparisons of {@code lambda_events} with the oracle.
 *
 * @param comparisons how many
 * @param rows rows of the last answer
 * @param missing events that answers lacked
 * @param extra rows that were no events, or second rows of one event
 * @param examples a few of them in words
 */
public record LambdaTotals(
    long comparisons, long rows, long missing, long extra, List<String> examples) {
  /** Keeps a copy. */
  public LambdaTotals {
    examples = List.copyOf(examples);
  }

  /** Whether there were answers, and all of them were right. */
  public boolean hold() {
    return comparisons > 0 && missing == 0 && extra == 0;
  }
}
