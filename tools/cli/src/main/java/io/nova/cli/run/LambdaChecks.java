package io.nova.cli.run;

import io.nova.judge.EventOracle;
import io.nova.judge.EventOracle.Comparison;
import java.util.ArrayList;
import java.util.List;

/** All comparisons of {@code lambda_events} with the oracle in one run. For one thread. */
final class LambdaChecks {
  private static final int MOST_EXAMPLES = 5;

  private final EventOracle oracle;
  private final List<String> examples = new ArrayList<>();
  private long comparisons;
  private long missing;
  private long extra;
  private long rows;

  LambdaChecks(EventOracle oracle) {
    this.oracle = oracle;
  }

  /** Compares one answer with all messages that were sent so far. */
  Comparison compare(String step, LambdaAnswer answer) {
    Comparison found = oracle.compare(answer.rows());
    comparisons++;
    missing += found.missing();
    extra += found.extra();
    rows = found.rows();
    found.examples().stream()
        .limit(MOST_EXAMPLES - examples.size())
        .forEach(each -> examples.add("%s %s".formatted(step, each)));
    return found;
  }

  /** The sum of all comparisons. */
  LambdaTotals totals() {
    return new LambdaTotals(comparisons, rows, missing, extra, examples);
  }
}
