package io.nova.sql.source.enumerator;

import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.jspecify.annotations.Nullable;

/**
 * The enumerator of a bounded query: plans once and assigns the splits. All calls come from Flink's
 * coordinator thread; the plan is made in another.
 */
public final class ScanEnumerator extends AssigningEnumerator {
  private final SplitEnumeratorContext<ScanSplit> context;
  private final SplitPlan plan;

  /** An enumerator that continues from a state. It closes the plan. */
  public ScanEnumerator(
      SplitEnumeratorContext<ScanSplit> context, SplitPlan plan, ScanState restored) {
    super(context, restored);
    this.context = context;
    this.plan = plan;
  }

  @Override
  public void start() {
    if (isPlanned()) {
      complete();
    } else {
      context.callAsync(plan::splits, this::acceptPlan);
    }
  }

  private void acceptPlan(List<ScanSplit> splits, @Nullable Throwable failed) {
    if (failed != null) {
      throw failure("Query on nova.events: planning failed, no row was read:", failed);
    }
    add(splits);
    complete();
  }

  @Override
  public void close() {
    plan.close();
  }
}
