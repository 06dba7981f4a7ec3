package io.nova.sql.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class ScanEnumeratorTest {
  private static final ScanSplit A = new ScanSplit("a", "", List.of(), 0);
  private static final ScanSplit B = new ScanSplit("b", "", List.of(), 0);

  private final FakeCoordinator coordinator = new FakeCoordinator();

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
    ScanEnumerator enumerator =
        new ScanEnumerator(coordinator, plan(() -> List.of(planned)), ScanState.NEW);
    enumerator.start();
    coordinator.register(0);
    coordinator.register(1);
    return enumerator;
  }

  @Test
  void earlyRequestsAreServedWhenThePlanIsReady() {
    ScanEnumerator enumerator = started(A);
    enumerator.handleSplitRequest(0, "host");
    enumerator.handleSplitRequest(1, "host");
    assertThat(coordinator.log).isEmpty();
    coordinator.finishPlanning();
    assertThat(coordinator.log).containsExactly("a to 0", "no more to 1");
  }

  @Test
  void splitOfAFailedReaderGoesToTheNextRequest() {
    ScanEnumerator enumerator = started(A, B);
    coordinator.finishPlanning();
    enumerator.handleSplitRequest(0, "host");
    enumerator.addSplitsBack(List.of(A), 0);
    enumerator.handleSplitRequest(1, "host");
    enumerator.handleSplitRequest(1, "host");
    enumerator.handleSplitRequest(1, "host");
    assertThat(coordinator.log).containsExactly("a to 0", "a to 1", "b to 1", "no more to 1");
  }

  @Test
  void failedReaderGetsNoSplit() {
    ScanEnumerator enumerator = started(A);
    enumerator.handleSplitRequest(0, "host");
    coordinator.readers.remove(0);
    coordinator.finishPlanning();
    assertThat(coordinator.log).isEmpty();
    assertThat(enumerator.snapshotState(1))
        .isEqualTo(new ScanState(true, Optional.empty(), List.of(A)));
  }

  @Test
  void restoredEnumeratorDoesNotPlanAgain() {
    ScanEnumerator enumerator =
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
  void failureToPlanIsOneSentenceWithoutAnInnerCause() {
    new ScanEnumerator(
            coordinator,
            plan(
                () -> {
                  throw new UncheckedIOException(
                      "Announcement 3 cannot be read. Ask again.", new IOException("reset"));
                }),
            ScanState.NEW)
        .start();

    assertThatThrownBy(() -> coordinator.finishPlanning())
        .hasNoCause()
        .hasMessageContaining("planning failed, no row was read")
        .hasMessageContaining("Ask again.");
  }

  @Test
  void planIsClosedAtTheEnd() throws IOException {
    ScanEnumerator enumerator = started(A);
    enumerator.close();
    assertThat(coordinator.log).containsExactly("plan closed");
  }
}
