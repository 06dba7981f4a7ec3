package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.iceberg.UnreliableStore;
import io.nova.iceberg.UnreliableStore.Fault;
import java.nio.file.Path;
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
  private ChainWriter writer;

  @BeforeEach
  void begin() {
    warehouse = new NovaWarehouse(UnreliableStore.uri(folder.resolve("warehouse")));
    writer = new ChainWriter(warehouse);
  }

  private void mustBeUnknown(Link link) {
    assertThatIllegalStateException()
        .isThrownBy(() -> writer.chain.apply(link))
        .withMessageContaining("it is unknown whether link " + link.uuid() + " is in the table")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Nothing was changed"));
    assertThat(UnreliableStore.isWaiting()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void commitWhoseAnswerIsLostSucceeds(Fault fault) {
    UnreliableStore.next(fault);
    writer.chain.apply(writer.draw("b"));

    assertThat(UnreliableStore.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b");
    writer.chain.apply(writer.draw("c"));
    assertThat(writer.restart(writer.state()).head()).isEqualTo(writer.chain.head());
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void mergeWhoseAnswerIsLostSucceeds(Fault fault) {
    UnreliableStore.next(fault);
    writer.chain.apply(writer.drawWithChunk("b", "c"));

    assertThat(UnreliableStore.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
    writer.chain.apply(writer.draw("d"));
    assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void startWhoseAnswerIsLostSucceeds(Fault fault) {
    CommitterState early = writer.state();
    writer.chain.apply(writer.draw("b"));
    Link pending = writer.draw("c");
    CommitterState later = writer.state(pending);

    UnreliableStore.next(fault);
    writer.restart(early);
    assertThat(warehouse.ids()).containsExactly("a");
    UnreliableStore.next(fault);
    writer.restart(later);

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
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    UnreliableStore.next(Fault.RENAMED_THEN_SILENCE);
    mustBeUnknown(link);
    UnreliableStore.recover();

    assertThat(warehouse.ids()).containsExactly("a", "b");
    assertThat(writer.restart(state).head()).isEqualTo(link.uuid());
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void startIsUnknownWhileTheStoreIsSilent() {
    CommitterState state = writer.state();
    UnreliableStore.next(Fault.RENAMED_THEN_SILENCE);
    assertThatIllegalStateException()
        .isThrownBy(() -> writer.restart(state))
        .withMessageContaining("it is unknown whether the marker of generation");
    UnreliableStore.recover();

    writer.restart(state);
    assertThat(warehouse.ids()).containsExactly("a");
  }

  @Test
  void renameThatHappensAfterItsErrorIsFoundByTheRestart() throws Exception {
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    UnreliableStore.next(Fault.ERROR_THEN_RENAMED);
    mustBeUnknown(link);

    assertThat(UnreliableStore.deliver()).isTrue();

    assertThat(warehouse.ids()).containsExactly("a", "b");
    writer.restart(state);
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void renameThatHappensAfterTheRestartChangesNothing() throws Exception {
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    UnreliableStore.next(Fault.ERROR_THEN_RENAMED);
    mustBeUnknown(link);
    writer.restart(state);

    assertThat(UnreliableStore.deliver()).isFalse();

    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void commitThatNeverHappenedIsAppliedByTheRestart() {
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    UnreliableStore.next(Fault.ERROR);
    mustBeUnknown(link);
    assertThat(warehouse.ids()).containsExactly("a");

    writer.restart(state);

    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void restartThatALateRenameOvertakesTriesAgain() {
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    UnreliableStore.next(Fault.ERROR_THEN_RENAMED);
    mustBeUnknown(link);
    UnreliableStore.next(Fault.OVERTAKEN);

    assertThat(writer.restart(state).head()).isEqualTo(link.uuid());

    assertThat(UnreliableStore.isWaiting()).isFalse();
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  /** An error that Iceberg knows nothing of deletes nothing either. */
  @Test
  void renameThatHappensAfterACrashIsFoundByTheRestart() throws Exception {
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    UnreliableStore.next(Fault.CRASH_THEN_RENAMED);
    assertThatThrownBy(() -> writer.chain.apply(link)).isInstanceOf(RuntimeException.class);

    assertThat(UnreliableStore.deliver()).isTrue();

    assertThat(warehouse.ids()).containsExactly("a", "b");
    writer.restart(state);
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
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    UnreliableStore.next(atTheLink);
    mustBeUnknown(link);
    UnreliableStore.recover();
    UnreliableStore.deliver();
    UnreliableStore.next(atTheRestart);
    try {
      writer.restart(state);
    } catch (IllegalStateException unknown) {
      assertThat(unknown).hasMessageContaining("it is unknown whether");
    }
    UnreliableStore.recover();
    UnreliableStore.deliver();

    CommitChain last = writer.restart(state);
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
    writer.chain.apply(writer.draw("b"));
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
