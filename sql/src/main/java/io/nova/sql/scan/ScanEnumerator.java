package io.nova.sql.scan;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Plans once, and hands out the splits. All calls come from Flink's coordinator thread; planning
 * alone runs beside it.
 */
final class ScanEnumerator implements SplitEnumerator<ScanSplit, ScanState> {

  private final SplitEnumeratorContext<ScanSplit> context;
  private final SplitPlan plan;
  private final SplitDesk desk;
  private boolean planned;

  ScanEnumerator(SplitEnumeratorContext<ScanSplit> context, SplitPlan plan, ScanState restored) {
    this.context = context;
    this.plan = plan;
    this.desk = new SplitDesk(context, restored.splits());
    this.planned = restored.planned();
  }

  @Override
  public void start() {
    if (planned) {
      desk.complete();
    } else {
      context.callAsync(plan::splits, this::acceptPlan);
    }
  }

  private void acceptPlan(List<ScanSplit> splits, @Nullable Throwable failed) {
    if (failed != null) {
      throw new FlinkRuntimeException(
          "Query on nova.events: planning failed, no row was read: " + failed.getMessage(), failed);
    }
    planned = true;
    desk.add(splits);
    desk.complete();
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    desk.ask(subtask);
  }

  @Override
  public void addSplitsBack(List<ScanSplit> splits, int subtask) {
    desk.takeBack(splits, subtask);
  }

  @Override
  public void addReader(int subtask) {
    // It asks when it has nothing to read.
  }

  @Override
  public ScanState snapshotState(long checkpointId) {
    return new ScanState(planned, Optional.empty(), desk.unassigned());
  }

  @Override
  public void close() throws IOException {
    plan.close();
  }
}
