package io.nova.sql.scan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.junit.jupiter.api.Test;

class ScanEnumeratorTest {

  private static final ScanSplit A = new ScanSplit("a", "", List.of(), 0);
  private static final ScanSplit B = new ScanSplit("b", "", List.of(), 0);

  private final Coordinator coordinator = new Coordinator();

  private SplitPlan plan(Supplier<List<ScanSplit>> splits) {
    return new SplitPlan() {
      @Override
      public List<ScanSplit> splits() {
        return splits.get();
      }

      @Override
      public void close() {
        coordinator.log.add("plan closed");
      }
    };
  }

  private ScanEnumerator started(ScanSplit... planned) {
    var enumerator = new ScanEnumerator(coordinator, plan(() -> List.of(planned)), ScanState.NEW);
    enumerator.start();
    coordinator.register(0);
    coordinator.register(1);
    return enumerator;
  }

  @Test
  void readersThatAskBeforeThePlanIsReadyAreServedAfterwards() {
    var enumerator = started(A);
    enumerator.handleSplitRequest(0, "host");
    enumerator.handleSplitRequest(1, "host");
    assertThat(coordinator.log).isEmpty();
    coordinator.finishPlanning();
    assertThat(coordinator.log).containsExactly("a to 0", "no more to 1");
  }

  @Test
  void splitOfAFailedReaderGoesToTheNextWhoAsks() {
    var enumerator = started(A, B);
    coordinator.finishPlanning();
    enumerator.handleSplitRequest(0, "host");
    enumerator.addSplitsBack(List.of(A), 0);
    enumerator.handleSplitRequest(1, "host");
    enumerator.handleSplitRequest(1, "host");
    enumerator.handleSplitRequest(1, "host");
    assertThat(coordinator.log).containsExactly("a to 0", "a to 1", "b to 1", "no more to 1");
  }

  @Test
  void readerThatHasGoneIsNotServed() {
    var enumerator = started(A);
    enumerator.handleSplitRequest(0, "host");
    coordinator.readers.remove(0);
    coordinator.finishPlanning();
    assertThat(coordinator.log).isEmpty();
    assertThat(enumerator.snapshotState(1))
        .isEqualTo(new ScanState(true, Optional.empty(), List.of(A)));
  }

  @Test
  void restoredEnumeratorDoesNotPlanAgain() {
    var enumerator =
        new ScanEnumerator(
            coordinator,
            plan(
                () -> {
                  throw new AssertionError("planned again");
                }),
            new ScanState(true, Optional.empty(), List.of(B)));
    enumerator.start();
    coordinator.register(0);
    enumerator.handleSplitRequest(0, "host");
    assertThat(coordinator.log).containsExactly("b to 0");
  }

  @Test
  void whatThePlanHoldsIsGivenBackAtTheEnd() throws IOException {
    var enumerator = started(A);
    enumerator.close();
    assertThat(coordinator.log).containsExactly("plan closed");
  }

  /** A coordinator whose planning ends when the test says so. */
  private static final class Coordinator implements SplitEnumeratorContext<ScanSplit> {

    final List<String> log = new ArrayList<>();
    final Map<Integer, ReaderInfo> readers = new HashMap<>();
    private Runnable planning = () -> {};

    void register(int subtask) {
      readers.put(subtask, new ReaderInfo(subtask, "host"));
    }

    void finishPlanning() {
      planning.run();
    }

    @Override
    public <T> void callAsync(Callable<T> call, BiConsumer<T, Throwable> then) {
      planning =
          () -> {
            try {
              then.accept(call.call(), null);
            } catch (Exception failed) {
              then.accept(null, failed);
            }
          };
    }

    @Override
    public <T> void callAsync(
        Callable<T> call, BiConsumer<T, Throwable> then, long delay, long period) {
      throw new IllegalStateException("An enumerator plans once, not by the clock");
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
}
