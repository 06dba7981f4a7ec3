package io.nova.sql.scan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * Hands out splits, one at a time to whichever reader asks. All calls come from Flink's coordinator
 * thread; planning alone runs beside it.
 */
final class ScanEnumerator implements SplitEnumerator<ScanSplit, ScanState> {

  private final SplitEnumeratorContext<ScanSplit> context;
  private final Callable<List<ScanSplit>> planning;
  private final Deque<ScanSplit> unassigned;
  private final Set<Integer> waiting = new LinkedHashSet<>();
  private boolean planned;

  ScanEnumerator(
      SplitEnumeratorContext<ScanSplit> context,
      Callable<List<ScanSplit>> planning,
      ScanState restored) {
    this.context = context;
    this.planning = planning;
    this.unassigned = new ArrayDeque<>(restored.splits());
    this.planned = restored.planned();
  }

  @Override
  public void start() {
    if (!planned) {
      context.callAsync(planning, this::acceptPlan);
    }
  }

  private void acceptPlan(List<ScanSplit> splits, @Nullable Throwable failed) {
    if (failed != null) {
      throw new FlinkRuntimeException(
          "Query on nova.events: planning failed, no row was read: " + failed.getMessage(), failed);
    }
    planned = true;
    unassigned.addAll(splits);
    serve();
  }

  @Override
  public void handleSplitRequest(int subtask, @Nullable String host) {
    waiting.add(subtask);
    serve();
  }

  private void serve() {
    if (!planned) {
      return;
    }
    for (int subtask : List.copyOf(waiting)) {
      waiting.remove(subtask);
      if (context.registeredReaders().containsKey(subtask)) {
        serve(subtask);
      }
    }
  }

  private void serve(int subtask) {
    var next = unassigned.poll();
    if (next == null) {
      context.signalNoMoreSplits(subtask);
    } else {
      context.assignSplit(next, subtask);
    }
  }

  @Override
  public void addSplitsBack(List<ScanSplit> splits, int subtask) {
    waiting.remove(subtask);
    splits.forEach(unassigned::addFirst);
  }

  @Override
  public void addReader(int subtask) {
    // It asks when it has nothing to read.
  }

  @Override
  public ScanState snapshotState(long checkpointId) {
    return new ScanState(planned, new ArrayList<>(unassigned));
  }

  @Override
  public void close() {}
}
