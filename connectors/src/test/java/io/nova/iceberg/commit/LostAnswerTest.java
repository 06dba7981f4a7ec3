package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.UnreliableStore;
import io.nova.iceberg.UnreliableStore.Fault;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Commits to a store that does not answer, or answers wrongly. */
class LostAnswerTest {
  @TempDir private Path folder;
  private NovaWarehouse warehouse;
  private CommitChain chain;
  private Draft draft;

  @BeforeEach
  void begin() {
    warehouse = new NovaWarehouse(UnreliableStore.uri(folder.resolve("warehouse")));
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
    chain.apply(draw("a"));
  }

  private Link draw(String id) {
    draft.add(warehouse.write(Events.at("10:02").id(id)));
    return draft.draw(chain.generation(), new Tally());
  }

  private Link drawWithChunk(String one, String two) {
    BlockFile first = warehouse.write(Events.at("10:02").id(one));
    BlockFile second = warehouse.write(Events.at("10:02").id(two));
    draft.add(first);
    draft.add(second);
    draft.add(warehouse.merge(first, second));
    return draft.draw(chain.generation(), new Tally());
  }

  private CommitterState state(Link... pending) {
    return CommitterState.read(draft.state(chain.head(), List.of(pending)).write());
  }

  private CommitChain restart(CommitterState state) {
    return CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
  }

  private void mustBeUnknown(Link link) {
    assertThatIllegalStateException()
        .isThrownBy(() -> chain.apply(link))
        .withMessageContaining("it is unknown whether link " + link.uuid() + " is in the table")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Nothing was changed"));
    assertThat(UnreliableStore.isWaiting()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void commitWhoseAnswerIsLostSucceeds(Fault fault) {
    UnreliableStore.next(fault);
    chain.apply(draw("b"));

    assertThat(UnreliableStore.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b");
    chain.apply(draw("c"));
    assertThat(restart(state()).head()).isEqualTo(chain.head());
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void mergeWhoseAnswerIsLostSucceeds(Fault fault) {
    UnreliableStore.next(fault);
    chain.apply(drawWithChunk("b", "c"));

    assertThat(UnreliableStore.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
    chain.apply(draw("d"));
    assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void startWhoseAnswerIsLostSucceeds(Fault fault) {
    CommitterState early = state();
    chain.apply(draw("b"));
    Link pending = draw("c");
    CommitterState later = state(pending);

    UnreliableStore.next(fault);
    restart(early);
    assertThat(warehouse.ids()).containsExactly("a");
    UnreliableStore.next(fault);
    restart(later);

    assertThat(UnreliableStore.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void tableIsCreatedAlthoughTheAnswerIsLost(Fault fault) {
    String path = UnreliableStore.uri(folder.resolve("other"));
    UnreliableStore.next(fault);
    NovaWarehouse other = new NovaWarehouse(path);

    assertThat(UnreliableStore.isWaiting()).isFalse();
    CommitChain.begin(other.open(), UUID.randomUUID().toString());
    assertThat(other.ids()).isEmpty();
  }

  @Test
  void commitIsUnknownWhileTheStoreIsSilentAndIsFoundAfterIt() {
    Link link = draw("b");
    CommitterState state = state(link);
    UnreliableStore.next(Fault.RENAMED_THEN_SILENCE);
    mustBeUnknown(link);
    UnreliableStore.recover();

    assertThat(warehouse.ids()).containsExactly("a", "b");
    assertThat(restart(state).head()).isEqualTo(link.uuid());
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void startIsUnknownWhileTheStoreIsSilent() {
    CommitterState state = state();
    UnreliableStore.next(Fault.RENAMED_THEN_SILENCE);
    assertThatIllegalStateException()
        .isThrownBy(() -> restart(state))
        .withMessageContaining("it is unknown whether the marker of generation");
    UnreliableStore.recover();

    restart(state);
    assertThat(warehouse.ids()).containsExactly("a");
  }

  @Test
  void renameThatHappensAfterItsErrorIsFoundByTheRestart() throws Exception {
    Link link = draw("b");
    CommitterState state = state(link);
    UnreliableStore.next(Fault.ERROR_THEN_RENAMED);
    mustBeUnknown(link);

    assertThat(UnreliableStore.deliver()).isTrue();

    assertThat(warehouse.ids()).containsExactly("a", "b");
    restart(state);
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void renameThatHappensAfterTheRestartChangesNothing() throws Exception {
    Link link = draw("b");
    CommitterState state = state(link);
    UnreliableStore.next(Fault.ERROR_THEN_RENAMED);
    mustBeUnknown(link);
    restart(state);

    assertThat(UnreliableStore.deliver()).isFalse();

    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void commitThatNeverHappenedIsAppliedByTheRestart() {
    Link link = draw("b");
    CommitterState state = state(link);
    UnreliableStore.next(Fault.ERROR);
    mustBeUnknown(link);
    assertThat(warehouse.ids()).containsExactly("a");

    restart(state);

    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void restartThatALateRenameOvertakesTriesAgain() {
    Link link = draw("b");
    CommitterState state = state(link);
    UnreliableStore.next(Fault.ERROR_THEN_RENAMED);
    mustBeUnknown(link);
    UnreliableStore.next(Fault.OVERTAKEN);

    assertThat(restart(state).head()).isEqualTo(link.uuid());

    assertThat(UnreliableStore.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  /** An error that Iceberg knows nothing of deletes nothing either. */
  @Test
  void renameThatHappensAfterACrashIsFoundByTheRestart() throws Exception {
    Link link = draw("b");
    CommitterState state = state(link);
    UnreliableStore.next(Fault.CRASH_THEN_RENAMED);
    assertThatThrownBy(() -> chain.apply(link)).isInstanceOf(RuntimeException.class);

    assertThat(UnreliableStore.deliver()).isTrue();

    assertThat(warehouse.ids()).containsExactly("a", "b");
    restart(state);
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource({
    "ERROR, RENAMED_THEN_ERROR",
    "ERROR, RENAMED_THEN_FALSE",
    "ERROR, ERROR",
    "ERROR, ERROR_THEN_RENAMED",
    "ERROR_THEN_RENAMED, RENAMED_THEN_FALSE",
    "ERROR_THEN_RENAMED, RENAMED_THEN_CRASH",
    "ERROR_THEN_RENAMED, ERROR_THEN_RENAMED",
    "RENAMED_THEN_SILENCE, RENAMED_THEN_SILENCE",
    "RENAMED_THEN_SILENCE, RENAMED_THEN_FALSE"
  })
  void twoUnclearAnswersInARowLoseNothing(Fault atTheLink, Fault atTheRestart) throws Exception {
    Link link = draw("b");
    CommitterState state = state(link);
    UnreliableStore.next(atTheLink);
    mustBeUnknown(link);
    UnreliableStore.recover();
    UnreliableStore.deliver();
    UnreliableStore.next(atTheRestart);
    try {
      restart(state);
    } catch (IllegalStateException unknown) {
      assertThat(unknown).hasMessageContaining("it is unknown whether");
    }
    UnreliableStore.recover();
    UnreliableStore.deliver();

    CommitChain last = restart(state);
    assertThat(last.head()).isEqualTo(link.uuid());
    assertThat(warehouse.ids()).containsExactly("a", "b");
    assertThat(UnreliableStore.isWaiting()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void commitWithoutASnapshotWhoseAnswerIsLostSucceeds(Fault fault) {
    Table table = warehouse.open().iceberg();
    long first = table.currentSnapshot().snapshotId();
    UnreliableStore.next(fault);
    table.updateProperties().set("owner", "me").commit();
    UnreliableStore.next(fault);
    table.manageSnapshots().createTag("kept", first).commit();
    chain.apply(draw("b"));
    table.refresh();
    UnreliableStore.next(fault);
    table.manageSnapshots().removeTag("kept").commit();
    UnreliableStore.next(fault);
    table.expireSnapshots().expireSnapshotId(first).commit();

    assertThat(UnreliableStore.isWaiting()).isFalse();
    Table found = warehouse.open().iceberg();
    assertThat(found.properties()).containsEntry("owner", "me");
    assertThat(found.refs()).doesNotContainKey("kept");
    assertThat(found.snapshot(first)).isNull();
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }
}
