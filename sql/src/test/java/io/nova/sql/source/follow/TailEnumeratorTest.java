package io.nova.sql.source.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.sql.source.enumerator.FakeCoordinator;
import io.nova.sql.source.follow.FollowPlan.Step;
import io.nova.sql.source.split.Followed;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanState;
import io.nova.sql.source.split.Tail;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The start of a query that follows live views and table, and its restore from a state. */
class TailEnumeratorTest {
  private static final Followed BEGUN = new Followed(7, 20_776);
  private static final ScanSplit FILES = new ScanSplit("files", "", List.of(), 0);

  private final FakeCoordinator coordinator = new FakeCoordinator();

  private TailEnumerator start(ScanState state) {
    TailEnumerator enumerator =
        new TailEnumerator(
            coordinator,
            () -> new Step(Optional.empty(), Optional.of(BEGUN), List.of(FILES)),
            state);
    enumerator.start();
    coordinator.register(0);
    coordinator.finishPlanning();
    return enumerator;
  }

  private static List<String> ids(ScanState state) {
    return state.splits().stream().map(ScanSplit::id).toList();
  }

  @Test
  void tailComesAfterCommittedFilesAlsoWhenSplitsComeBack() {
    TailEnumerator enumerator = start(ScanState.NEW);
    ScanState begun = enumerator.snapshotState(1);
    assertThat(ids(begun)).containsExactly("files", "tail");
    assertThat(begun.splits().get(1).parts()).containsExactly(Tail.after(Optional.of(BEGUN)));
    enumerator.handleSplitRequest(0, "host");
    enumerator.handleSplitRequest(0, "host");
    assertThat(coordinator.log).containsExactly("files to 0", "tail to 0");
    enumerator.addSplitsBack(List.of(begun.splits().get(1), begun.splits().get(0)), 0);
    assertThat(ids(enumerator.snapshotState(2))).containsExactly("files", "tail");
  }

  @Test
  void restoredStateHandsOutNoSecondTail() {
    ScanState handedOut = new ScanState(true, Optional.empty(), List.of());
    assertThat(ids(start(handedOut).snapshotState(1))).isEmpty();
  }

  @Test
  void queryThatFollowedCommitsContinuesAfterItsSnapshot() {
    ScanState followed = new ScanState(true, Optional.of(BEGUN), List.of(FILES));
    ScanState state = start(followed).snapshotState(1);
    assertThat(ids(state)).containsExactly("files", "tail");
    assertThat(state.splits().get(1).parts()).containsExactly(Tail.after(Optional.of(BEGUN)));
    assertThat(state.followed()).isEmpty();
  }
}
