package io.nova.sql.source.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.enumerator.FakeCoordinator;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.ScanState;
import io.nova.sql.source.split.ScanStateSerializer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowEnumeratorTest {
  @TempDir private Path folder;
  private IcebergWarehouse warehouse;
  private FollowPlan plan;
  private FakeCoordinator coordinator = new FakeCoordinator();
  private final ScanStateSerializer states = new ScanStateSerializer();
  private final TestEvents events = new TestEvents(1);

  @BeforeEach
  void open() {
    warehouse = new IcebergWarehouse(folder);
    EventScan scan =
        new EventScan(
            warehouse.table().spec(),
            IcebergWarehouse.SCHEMA,
            Expressions.alwaysTrue(),
            null,
            EventScan.NO_LIMIT);
    plan = new FollowPlan(warehouse::table, scan, 1);
  }

  private FollowEnumerator start(ScanState state) {
    coordinator = new FakeCoordinator();
    FollowEnumerator enumerator =
        new FollowEnumerator(
            coordinator, () -> plan.after(Optional.empty()), plan, Duration.ofSeconds(1), state);
    enumerator.start();
    coordinator.register(0);
    return enumerator;
  }

  private void append(int rows) {
    warehouse.appendBlockFile(events.uploaded("2026-11-20T00:00:00Z", 1, rows));
  }

  private static long rows(ScanState state) {
    return state.splits().stream()
        .flatMap(split -> split.parts().stream())
        .mapToLong(part -> ((FileRange) part).fileRows())
        .sum();
  }

  private void request(FollowEnumerator enumerator) {
    enumerator.handleSplitRequest(0, "host");
  }

  @Test
  void waitingReaderGetsLaterCommitsAndNoEndSignal() {
    append(3);
    FollowEnumerator enumerator = start(ScanState.NEW);
    request(enumerator);
    coordinator.finishPlanning();
    assertThat(coordinator.log).hasSize(1);
    request(enumerator);
    coordinator.tick();
    assertThat(coordinator.log).hasSize(1);
    append(2);
    coordinator.tick();
    assertThat(coordinator.log).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void restoredQueryContinuesAfterTheAssignedSplits() throws IOException {
    append(3);
    FollowEnumerator first = start(ScanState.NEW);
    coordinator.finishPlanning();
    append(2);
    coordinator.tick();
    request(first);
    List<String> assigned = coordinator.log;
    ScanState state =
        states.deserialize(states.getVersion(), states.serialize(first.snapshotState(1)));
    append(4);
    FollowEnumerator second = start(state);
    coordinator.tick();
    assertThat(rows(second.snapshotState(2))).isEqualTo(2 + 4);
    request(second);
    request(second);
    request(second);
    assertThat(assigned).hasSize(1);
    assertThat(coordinator.log).hasSize(2).doesNotContainAnyElementsOf(assigned);
  }

  @Test
  void stepThatWasPolledTwiceCountsOnce() {
    FollowEnumerator enumerator = start(ScanState.NEW);
    coordinator.finishPlanning();
    append(5);
    FollowPlan.Step stale = plan.after(Optional.empty());
    coordinator.tick();
    enumerator.advance(stale, null);
    assertThat(enumerator.snapshotState(1).splits()).hasSize(1);
  }

  @Test
  void failureOfAPollFailsTheQuery() {
    FollowEnumerator enumerator = start(ScanState.NEW);
    assertThatThrownBy(() -> enumerator.advance(null, new IOException("gone")))
        .hasMessageContaining("it cannot continue. gone");
  }
}
