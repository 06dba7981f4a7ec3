package io.nova.sql.source.enumerator;

import io.nova.sql.source.split.ScanSplit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** A coordinator whose asynchronous calls and clock the test controls. */
public final class FakeCoordinator implements SplitEnumeratorContext<ScanSplit> {
  public final List<String> log = new ArrayList<>();
  final Map<Integer, ReaderInfo> readers = new HashMap<>();
  private Runnable planning = () -> {};
  private Runnable tick = () -> {};

  public void register(int subtask) {
    readers.put(subtask, new ReaderInfo(subtask, "host"));
  }

  public void finishPlanning() {
    planning.run();
  }

  /** Runs the periodic call once. */
  public void tick() {
    tick.run();
  }

  private static <T> void complete(Callable<T> call, BiConsumer<T, Throwable> then) {
    T result;
    try {
      result = call.call();
    } catch (Exception failed) {
      then.accept(null, failed);
      return;
    }
    then.accept(result, null);
  }

  @Override
  public <T> void callAsync(Callable<T> call, BiConsumer<T, Throwable> then) {
    planning = () -> complete(call, then);
  }

  @Override
  public <T> void callAsync(
      Callable<T> call, BiConsumer<T, Throwable> then, long delay, long period) {
    tick = () -> complete(call, then);
  }

  @Override
  public void assignSplits(SplitsAssignment<ScanSplit> assignment) {
    assignment
        .assignment()
        .forEach((reader, splits) -> splits.forEach(s -> log.add(s.id() + " to " + reader)));
  }

  @Override
  public void signalNoMoreSplits(int subtask) {
    log.add("no more to " + subtask);
  }

  @Override
  public Map<Integer, ReaderInfo> registeredReaders() {
    return readers;
  }

  @Override
  public SplitEnumeratorMetricGroup metricGroup() {
    return UnregisteredMetricsGroup.createSplitEnumeratorMetricGroup();
  }

  @Override
  public void sendEventToSourceReader(int subtask, SourceEvent event) {
    throw new IllegalStateException("An enumerator sends its readers no events");
  }

  @Override
  public int currentParallelism() {
    return 2;
  }

  @Override
  public void runInCoordinatorThread(Runnable action) {
    action.run();
  }
}
