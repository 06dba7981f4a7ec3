package io.nova.sql.source.follow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.sql.IcebergWarehouse;
import io.nova.sql.TestEvents;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.Followed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.expressions.Expressions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowPlanTest {
  @TempDir private Path folder;
  private IcebergWarehouse warehouse;
  private FollowPlan plan;
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

  private static long rows(FollowPlan.Step step) {
    return step.splits().stream()
        .flatMap(split -> split.parts().stream())
        .mapToLong(part -> ((FileRange) part).fileRows())
        .sum();
  }

  private void append(int count) {
    warehouse.appendBlockFile(events.uploaded("2026-11-20T00:00:00Z", 1, count));
  }

  @Test
  void emptyTableIsFollowedFromItsFirstSnapshotOn() {
    FollowPlan.Step nothing = plan.after(Optional.empty());
    assertThat(nothing.to()).isEmpty();
    append(7);
    assertThat(rows(plan.after(nothing.to()))).isEqualTo(7);
  }

  @Test
  void appendsAreReadAlsoWhereTheyHaveBeenRewrittenMeanwhile() {
    ArrayList<Record> rows = new ArrayList<>(events.uploaded("2026-11-20T00:00:00Z", 1, 7));
    warehouse.appendBlockFile(rows);
    FollowPlan.Step first = plan.after(Optional.empty());
    List<Record> appended = events.uploaded("2026-11-20T00:00:00Z", 1, 5);
    warehouse.appendBlockFile(appended);
    rows.addAll(appended);
    warehouse.mergeBlockFiles(20_777, rows);
    append(3);
    FollowPlan.Step second = plan.after(first.to());
    assertThat(rows(second)).isEqualTo(8);
    assertThat(plan.after(second.to()).splits()).isEmpty();
  }

  @Test
  void batchThatWasCompletedAtTheStartIsNeverShownAndALaterOneStillIs() {
    append(7);
    Followed begun = new Followed(warehouse.table().currentSnapshot().snapshotId(), 20_777);
    append(5);
    warehouse.appendBlockFile(events.uploaded("2026-11-21T00:00:00Z", 1, 3));
    warehouse.complete(20_778);
    FollowPlan.Step step = plan.after(Optional.of(begun));
    assertThat(rows(step)).isEqualTo(3);
    assertThat(step.to().orElseThrow().completed()).isEqualTo(20_777);
  }

  @Test
  void splitsOfDifferentStepsHaveDifferentNames() {
    append(1);
    FollowPlan.Step first = plan.after(Optional.empty());
    append(1);
    FollowPlan.Step second = plan.after(first.to());
    assertThat(List.of(first.splits().get(0).id(), second.splits().get(0).id()))
        .doesNotHaveDuplicates();
  }

  @Test
  void snapshotThatIsNoAncestorAnyMoreFails() {
    append(1);
    long before = warehouse.table().currentSnapshot().snapshotId();
    append(2);
    Optional<Followed> followed = plan.after(Optional.empty()).to();
    warehouse.table().manageSnapshots().setCurrentSnapshot(before).commit();
    append(3);
    assertThatThrownBy(() -> plan.after(followed))
        .hasMessageContaining("it went back to before snapshot " + followed.get().snapshotId())
        .hasMessageContaining("start it again");
  }

  @Test
  void snapshotThatWasExpiredFails() {
    append(1);
    Optional<Followed> followed = plan.after(Optional.empty()).to();
    append(2);
    long current = warehouse.table().currentSnapshot().timestampMillis();
    warehouse.table().expireSnapshots().expireOlderThan(current + 1).commit();
    assertThatThrownBy(() -> plan.after(followed)).hasMessageContaining("has expired");
  }
}
