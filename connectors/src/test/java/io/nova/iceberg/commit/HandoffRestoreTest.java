package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.iceberg.UnreliableStore;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import io.nova.iceberg.commit.HandoffResult.Outcome;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.ExpireSnapshots;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Restores of states from before and after the close, the completion and the removal of a batch.
 */
class HandoffRestoreTest {
  private static final long DAY = HandoffTable.DAY;
  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");

  @TempDir private Path folder;
  private HandoffTable events;
  private long offset;

  @BeforeEach
  void begin() {
    events = new HandoffTable(UnreliableStore.uri(folder.resolve("warehouse")));
  }

  private void complete(CommitChain writer, long batch, Link link) {
    HandoffResult result =
        new TableHandoff(writer)
            .complete(
                batch, link.uuid(), null, new RequestPosition("topic", offset++), "layer", NOON);
    assertThat(result.outcome()).as(result.detail()).isEqualTo(Outcome.DONE);
  }

  private void complete(long batch, Link link) {
    complete(events.chain, batch, link);
  }

  private void mustFail(CommitterState state, String... why) {
    Table before = events.table();

    assertThatIllegalStateException()
        .isThrownBy(() -> events.restore(state))
        .satisfies(e -> assertThat(e.getMessage()).contains(why).contains("Nothing was changed"));

    assertThat(events.head()).isEqualTo(before.currentSnapshot());
    assertThat(events.table().refs()).isEqualTo(before.refs());
    assertThat(events.properties()).isEqualTo(HandoffProperties.of(before.properties()));
  }

  @Test
  void tagOfAnAbandonedBranchGoes() {
    events.addMerged(DAY, "a");
    events.commit();
    CommitterState open = events.state();
    events.close(DAY);
    events.restore(open);

    assertThat(events.tags()).isEmpty();
    assertThat(events.properties().batches()).isEmpty();
    assertThat(events.closedInHead()).isEmpty();
    Link again = events.closeWith(DAY, "b");
    assertThat(events.tagged(DAY)).containsExactly("a", "b");
    assertThat(events.closedInHead()).containsExactly(new ClosedBatch(DAY, again.uuid()));
  }

  @Test
  void tagComesBackWithItsBranch() {
    CommitterState open = events.state();
    Link first = events.closeWith(DAY, "a");
    events.add(DAY + 1, "later");
    events.commit();
    Batch entry = events.properties().batch(DAY).orElseThrow();
    CommitterState closed = events.state();
    events.restore(open);
    events.closeWith(DAY, "other");
    assertThat(events.tagged(DAY)).containsExactly("other");

    events.restore(closed);

    assertThat(events.tagged(DAY)).containsExactly("a");
    assertThat(events.closedInHead()).containsExactly(new ClosedBatch(DAY, first.uuid()));
    assertThat(LinkSummary.offsets(events.tag(DAY))).isEqualTo(HandoffTable.OFFSETS);
    Batch again = events.properties().batch(DAY).orElseThrow();
    assertThat(List.of(again.link(), again.closedBy(), again.rows()))
        .containsExactly(entry.link(), "ops", 1L);
    complete(DAY, first);
  }

  @Test
  void tagThatIsMissingIsMadeAgain() {
    events.closeWith(DAY, "a");
    events.table().manageSnapshots().removeTag(BatchTags.name(DAY)).commit();

    events.restore(events.state());

    assertThat(events.tagged(DAY)).containsExactly("a");
  }

  @Test
  void startWithoutAnyChangeLeavesTheTagsAlone() {
    events.closeWith(DAY, "a");
    Snapshot tag = events.tag(DAY);

    events.restore(events.state());

    assertThat(events.tag(DAY)).isEqualTo(tag);
  }

  @Test
  void stateFromAfterTheCloseIsRestoredAfterTheCompletion() {
    Link first = events.closeWith(DAY, "a");
    CommitterState closed = events.state();
    Snapshot tag = events.tag(DAY);
    complete(DAY, first);
    events.add(DAY + 1, "b");
    events.commit();

    events.restore(closed);

    assertThat(events.properties().completed()).isEqualTo(DAY);
    assertThat(events.tag(DAY)).isEqualTo(tag);
  }

  @Test
  void stateFromBeforeTheCloseLeavesTheCompletedBatchToTheBatchLayer() {
    Link early = events.closeWith(DAY - 1, "z");
    events.addMerged(DAY, "a");
    CommitterState open = events.state(events.draw());
    events.chain.apply(open.pending().get(0));
    Link link = events.closeWith(DAY, "b");
    complete(DAY - 1, early);
    complete(DAY, link);
    Snapshot tag = events.tag(DAY);

    events.restore(open);

    assertThat(events.chain.handedOff()).containsExactly(new ClosedBatch(DAY, link.uuid()));
    assertThat(events.properties().completed()).isEqualTo(DAY);
    assertThat(events.tag(DAY)).isEqualTo(tag);
    assertThat(events.tagged(DAY)).containsExactly("a", "b");
    events.add(DAY, "x");
    Link next = events.closeWith(DAY + 1, "c");
    assertThat(events.tagged(DAY + 1)).containsExactly("c");
    complete(DAY + 1, next);
    assertThat(events.warehouse.ids()).doesNotContain("x");
  }

  @Test
  void stateOfAnotherBranchFromBeforeTheCloseFails() {
    events.commitMerged(DAY, "a");
    CommitterState fork = events.state();
    events.addMerged(DAY, "b");
    CommitterState abandoned = events.state();
    events.restore(fork);
    Link link = events.closeWith(DAY, "c");
    complete(DAY, link);

    mustFail(abandoned, "batch 20777 was completed", link.uuid(), "another branch");
    events.restore(fork);
  }

  @Test
  void stateThatLeftABatchIsRestoredAgainAndFailsAfterAWithdraw() {
    CommitterState open = events.state();
    Link link = events.closeWith(DAY, "a");
    CommitterState closed = events.state();
    complete(DAY, link);
    events.restore(open);
    CommitterState left = events.state();
    events.restore(left);
    events.restore(closed);
    events.handoff().withdraw(DAY, new RequestPosition("topic", offset++), "ops", NOON);

    mustFail(left, "left batch 20777 to the batch layer", "withdrawn");
  }

  @Test
  void stateIsRestoredAfterTwoBatchesWereRemoved() {
    Link first = events.closeWith(DAY, "a");
    Link second = events.closeWith(DAY + 1, "b");
    complete(DAY, first);
    complete(DAY + 1, second);
    events.handoff().remove(NOON.plus(Duration.ofDays(2)), Duration.ofDays(1));
    HandoffProperties after = events.properties();
    assertThat(after.deleted()).isEqualTo(DAY + 1);
    events.draft.forget(after.deleted(), after.firstTagged());

    events.restore(events.state());

    assertThat(events.chain.handedOff()).isEmpty();
  }

  @Test
  void stateFromBeforeTheCloseFailsWithoutTheTag() {
    CommitterState open = takenOnThe13th();
    complete(DAY, events.closeWith(DAY, "a"));
    events.table().manageSnapshots().removeTag(BatchTags.name(DAY)).commit();

    mustFail(
        open,
        "the tag batch-20777 is gone",
        "nova.savepoint.retention",
        "taken at 2026-11-13T12:00:00Z, ",
        " days and ");
  }

  @Test
  void stateWhoseSnapshotsHaveExpiredFailsWithItsAgeAndTheNameOfTheOption() {
    CommitterState old = takenOnThe13th();
    events.commitMerged(DAY, "a");
    Table table = events.table();
    table.expireSnapshots().expireOlderThan(Long.MAX_VALUE).retainLast(1).commit();

    mustFail(
        old,
        "no retained snapshot",
        "nova.savepoint.retention",
        "taken at 2026-11-13T12:00:00Z, ",
        " days and ");
  }

  private CommitterState takenOnThe13th() {
    events.takenAtMs = Instant.parse("2026-11-13T12:00:00Z").toEpochMilli();
    return events.state();
  }

  @Test
  void stateOfAnotherBranchFailsOnceTheBatchIsCompleted() {
    CommitterState open = events.state();
    Link first = events.closeWith(DAY, "a");
    CommitterState left = events.state();
    events.restore(open);
    Link second = events.closeWith(DAY, "b");
    complete(DAY, second);

    mustFail(left, first.uuid(), second.uuid(), "another branch");
  }

  @Test
  void stateOfAnotherBranchIsRestoredAfterAWithdraw() {
    CommitterState open = events.state();
    events.closeWith(DAY, "a");
    CommitterState left = events.state();
    events.restore(open);
    complete(DAY, events.closeWith(DAY, "b"));
    events.handoff().withdraw(DAY, new RequestPosition("topic", offset++), "ops", NOON);

    events.restore(left);

    assertThat(events.tagged(DAY)).containsExactly("a");
  }

  @Test
  void closingLinkThatIsAppliedAgainLeavesTheTagOfACompletedBatchAlone() {
    Link before = events.commitMerged(DAY + 1, "b");
    events.addMerged(DAY, "a");
    Link closing = events.drawClose(DAY);
    CommitterState state = events.state(closing);
    events.chain.apply(closing);
    complete(DAY, closing);
    Snapshot tag = events.tag(DAY);
    forget(closing, before);

    events.restore(state);

    assertThat(events.warehouse.ids()).containsExactly("a", "b");
    assertThat(events.tag(DAY)).isEqualTo(tag);
    assertThat(events.closedInHead()).as("a completed batch is not listed again").isEmpty();
    Link next = events.closeWith(DAY + 1, "c");
    assertThat(events.closedInHead()).containsExactly(new ClosedBatch(DAY + 1, next.uuid()));
  }

  /** Makes a link current and expires the snapshots of a later one. */
  private void forget(Link later, Link current) {
    Table table = events.table();
    List<Long> expired = new ArrayList<>();
    for (Snapshot snapshot : table.snapshots()) {
      if (later.uuid().equals(snapshot.summary().get("nova.uuid"))) {
        expired.add(snapshot.snapshotId());
      } else if (current.uuid().equals(snapshot.summary().get("nova.uuid"))) {
        table.manageSnapshots().setCurrentSnapshot(snapshot.snapshotId()).commit();
      }
    }
    ExpireSnapshots expire = table.expireSnapshots();
    expired.forEach(expire::expireSnapshotId);
    expire.cleanupLevel(ExpireSnapshots.CleanupLevel.NONE).commit();
  }

  @Test
  void filesOfARemovedBatchAreDroppedFromALaterLink() {
    BlockFile merged = events.add(DAY, "a");
    events.draft.add(events.warehouse.merge(merged));
    complete(DAY, events.close(DAY));
    events.handoff().remove(NOON.plus(Duration.ofDays(2)), Duration.ofDays(1));
    events.draft.add(events.warehouse.merge(merged));
    events.commit();
    events.add(DAY, "x");
    events.add(DAY + 1, "b");
    events.commit();

    assertThat(events.warehouse.ids()).containsExactly("b");
  }

  @Test
  void startIsJudgedAnewIfTheFormerJobCompletesABatchMeanwhile() {
    CommitterState open = events.state();
    Link first = events.closeWith(DAY, "a");
    CommitChain former = events.chain;
    UnreliableStore.beforeNextSnapshot(() -> complete(former, DAY, first));

    events.restore(open);

    assertThat(events.chain.handedOff()).containsExactly(new ClosedBatch(DAY, first.uuid()));
    assertThat(events.properties().completed()).isEqualTo(DAY);
    assertThat(events.warehouse.ids()).isEmpty();
    assertThat(events.tagged(DAY)).containsExactly("a");
  }

  /**
   * Iceberg refuses tags on newer metadata. This start has none to change, so the marker checks.
   */
  @Test
  void startWithoutTagsIsJudgedAnewIfTheFormerJobCompletesABatchMeanwhile() {
    CommitterState open = events.state();
    Link first = events.closeWith(DAY, "a");
    events.table().manageSnapshots().removeTag(BatchTags.name(DAY)).commit();
    CommitChain former = events.chain;
    UnreliableStore.beforeNextSnapshot(() -> complete(former, DAY, first));

    assertThatIllegalStateException()
        .isThrownBy(() -> events.restore(open))
        .withMessageContaining("the tag batch-20777 is gone");

    assertThat(events.properties().completed()).isEqualTo(DAY);
  }
}
