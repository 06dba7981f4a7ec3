package io.nova.cli.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The result of a replay of days.
 *
 * @param days days that were replayed, without the morning after them
 * @param closed batches that were closed
 * @param completed batches that a batch run completed
 * @param removed batches whose files left the table
 * @param handedOffChunks chunks under the tags of the removed batches
 * @param lambda all comparisons of {@code lambda_events} with the oracle
 * @param whole the judge's result over both tables, and the job's counters
 */
public record DaysOutcome(
    int days,
    int closed,
    int completed,
    int removed,
    long handedOffChunks,
    LambdaTotals lambda,
    Outcome whole) {
  /** Snapshots that expired no longer count files, and a replay waits between its days. */
  private static final List<String> NOT_OF_DAYS = List.of("blockFiles", "eventsPerSecond");

  /**
   * Whether every day was handed off, every answer was right, and the judge found every event once.
   */
  public boolean good() {
    return closed == days
        && completed == days
        && removed == days
        && lambda.hold()
        && whole.failed() == 0
        && whole.good();
  }

  /** One JSON object on one line. */
  public String json() {
    LinkedHashMap<String, Object> object = new LinkedHashMap<>();
    object.put("days", days);
    object.put("closed", closed);
    object.put("completed", completed);
    object.put("removed", removed);
    object.put("handedOffChunks", handedOffChunks);
    object.put("comparisons", lambda.comparisons());
    object.put("lambdaRows", lambda.rows());
    object.put("lambdaMissing", lambda.missing());
    object.put("lambdaExtra", lambda.extra());
    object.putAll(whole.object());
    object.keySet().removeAll(NOT_OF_DAYS);
    object.put("holds", good());
    return JsonLine.of(object);
  }

  /** The report in words. */
  public String report() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(headline());
    lines.add("");
    lines.add(Outcome.line("days", days));
    lines.add(Outcome.line("closed", closed));
    lines.add(Outcome.line("completed", completed));
    lines.add(Outcome.line("removed", removed));
    lines.add(Outcome.line("chunks handed off", handedOffChunks));
    lines.add("");
    lines.add(Outcome.line("answers of lambda_events", lambda.comparisons()));
    lines.add(Outcome.line("rows of the last one", lambda.rows()));
    lines.add(Outcome.line("missing in all of them", lambda.missing()));
    lines.add(Outcome.line("extra in all of them", lambda.extra()));
    lambda.examples().forEach(each -> lines.add("    " + each));
    lines.add("");
    lines.addAll(whole.counts());
    lines.add("");
    lines.add(Outcome.line("chunks in Nova's table", whole.files().chunks()));
    lines.add(Outcome.seconds(whole.seconds()));
    return String.join("\n", lines);
  }

  private String headline() {
    if (good()) {
      return "Every event was in every answer exactly once, before, while and after its day moved.";
    }
    return "Not every day was handed off, or not every event was there exactly once.";
  }
}
