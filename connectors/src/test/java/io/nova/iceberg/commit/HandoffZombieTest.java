package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.iceberg.UnreliableStore;
import io.nova.iceberg.UnreliableStore.Fault;
import io.nova.iceberg.commit.LinkSummary.Step;
import io.nova.iceberg.lifecycle.NamedByState;
import io.nova.iceberg.lifecycle.Retention;
import io.nova.iceberg.lifecycle.TableLifecycle;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Handoffs of writers that another one has overtaken, and handoffs whose answer is lost. */
class HandoffZombieTest {
  private static final long DAY = HandoffTable.DAY;
  private static final Instant NOON = Instant.parse("2026-11-29T12:00:00Z");
  private static final Instant LATER = NOON.plus(Duration.ofDays(30));
  private static final Duration SHORT = Duration.ofHours(1);

  @TempDir private Path folder;
  private HandoffTable events;
  private Link removed;
  private Link completed;
  private Link closed;

  /** Batches that are removed, completed and closed, and rows of the next batch. */
  @BeforeEach
  void begin() {
    events = new HandoffTable(UnreliableStore.uri(folder.resolve("warehouse")));
    removed = events.closeWith(DAY, "a");
    completed = events.closeWith(DAY + 1, "b");
    closed = events.closeWith(DAY + 2, "c");
    complete(events.handoff(), DAY, removed, 0);
    events.handoff().remove(NOON.plus(SHORT), SHORT);
    complete(events.handoff(), DAY + 1, completed, 1);
    events.commitMerged(DAY + 3, "d");
  }

  private static HandoffResult complete(TableHandoff handoff, long batch, Link link, long offset) {
    return handoff.complete(
        batch, link.uuid(), null, new RequestPosition("topic", offset), "layer", NOON);
  }

  /** Everything that a committer does for the handoff, on this table. */
  private static Stream<Named<BiConsumer<HandoffZombieTest, CommitChain>>> changes() {
    return Stream.of(
        Named.of("close", (test, writer) -> writer.apply(test.events.drawClose(DAY + 3))),
        Named.of(
            "complete",
            (test, writer) -> complete(new TableHandoff(writer), DAY + 2, test.closed, 2)),
        Named.of(
            "withdraw",
            (test, writer) ->
                new TableHandoff(writer)
                    .withdraw(DAY + 1, new RequestPosition("topic", 2), "ops", NOON)),
        Named.of("remove", (test, writer) -> new TableHandoff(writer).remove(LATER, SHORT)),
        Named.of("drop tags", (test, writer) -> new TableHandoff(writer).dropTags(LATER, SHORT)),
        Named.of("expire", (test, writer) -> test.expire(writer)),
        Named.of(
            "pass",
            (test, writer) -> new TableHandoff(writer).pass(new RequestPosition("topic", 2))));
  }

  private void expire(CommitChain writer) {
    Clock later = Clock.fixed(LATER, ZoneOffset.UTC);
    boolean unused =
        new TableLifecycle(events.warehouse.open(), writer, new Retention(SHORT, SHORT), later)
            .step(NamedByState.NOTHING);
  }

  /** What a handoff may change. */
  private record Content(
      Snapshot head, Map<String, SnapshotRef> refs, HandoffProperties handoff, int snapshots) {}

  private Content content() {
    Table table = events.table();
    return new Content(
        table.currentSnapshot(),
        table.refs(),
        HandoffProperties.of(table.properties()),
        (int) Stream.of(table.snapshots()).flatMap(all -> list(all).stream()).count());
  }

  private static List<Snapshot> list(Iterable<Snapshot> snapshots) {
    List<Snapshot> all = new ArrayList<>();
    snapshots.forEach(all::add);
    return all;
  }

  @ParameterizedTest
  @MethodSource("changes")
  void committerOfAnEarlierGenerationChangesNothing(
      BiConsumer<HandoffZombieTest, CommitChain> change) {
    CommitChain zombie = events.restore(events.state());
    Content before = content();

    assertThatIllegalStateException()
        .isThrownBy(() -> change.accept(this, zombie))
        .withMessageContaining("second writer");

    assertThat(content()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void committerThatIsOvertakenMeanwhileChangesNothing(
      BiConsumer<HandoffZombieTest, CommitChain> change) {
    CommitterState state = events.state();
    CommitChain zombie = events.chain;
    Content[] before = new Content[1];
    UnreliableStore.beforeNextSnapshot(
        () -> {
          events.restore(state);
          before[0] = content();
        });

    assertThatIllegalStateException()
        .isThrownBy(() -> change.accept(this, zombie))
        .withMessageContaining("second writer");

    assertThat(content()).isEqualTo(before[0]);
  }

  @Test
  void changeThatWasJudgedBeforeAnotherChangeOfTheSameLinkIsNotDone() {
    TableHandoff handoff = events.handoff();
    UnreliableStore.beforeNextSnapshot(
        () -> handoff.withdraw(DAY + 1, new RequestPosition("topic", 2), "ops", NOON));

    assertThatIllegalStateException()
        .isThrownBy(() -> handoff.remove(LATER, SHORT))
        .withMessageContaining("Step REMOVE was not done");

    assertThat(events.warehouse.ids()).containsExactly("b", "c", "d");
    assertThat(events.properties().deleted()).isEqualTo(DAY);
  }

  @ParameterizedTest
  @MethodSource("changes")
  void theSameChangeByTheLivingCommitterIsDone(BiConsumer<HandoffZombieTest, CommitChain> change) {
    Content before = content();

    change.accept(this, events.chain);

    assertThat(content()).isNotEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAMED_THEN_ERROR", "RENAMED_THEN_FALSE", "RENAMED_THEN_CRASH"})
  void handoffWhoseAnswersAreLostSucceeds(Fault fault) {
    UnreliableStore.next(fault);
    Link link = events.close(DAY + 3);
    UnreliableStore.next(fault);
    complete(events.handoff(), DAY + 2, closed, 2);
    UnreliableStore.next(fault);
    events.handoff().remove(LATER, SHORT);
    UnreliableStore.next(fault);
    events.handoff().dropTags(LATER.plus(SHORT), SHORT);

    assertThat(UnreliableStore.isWaiting()).isFalse();
    assertThat(events.tags()).containsExactly(DAY + 3);
    assertThat(events.tagged(DAY + 3)).containsExactly("d");
    assertThat(events.warehouse.ids()).containsExactly("d");
    assertThat(events.properties().deleted()).isEqualTo(DAY + 2);
    complete(events.handoff(), DAY + 3, link, 3);
    assertThat(events.properties().completed()).isEqualTo(DAY + 3);
  }

  @Test
  void completionWithoutAnAnswerIsFoundByTheRestart() {
    CommitterState state = events.state();
    UnreliableStore.next(Fault.RENAMED_THEN_SILENCE);
    assertThatIllegalStateException()
        .isThrownBy(() -> complete(events.handoff(), DAY + 2, closed, 2))
        .withMessageContaining("it is unknown whether the change HANDOFF");
    UnreliableStore.recover();

    events.restore(state);
    Content before = content();
    assertThat(complete(events.handoff(), DAY + 2, closed, 2).outcome())
        .isEqualTo(HandoffResult.Outcome.DONE);
    assertThat(content()).isEqualTo(before);
    assertThat(events.properties().completed()).isEqualTo(DAY + 2);
  }

  @Test
  void closeWithoutAnAnswerIsFoundByTheRestart() {
    Link link = events.drawClose(DAY + 3);
    CommitterState state = events.state(link);
    UnreliableStore.next(Fault.RENAMED_THEN_SILENCE);
    assertThatIllegalStateException().isThrownBy(() -> events.chain.apply(link));
    UnreliableStore.recover();
    Snapshot tag = events.tag(DAY + 3);

    events.restore(state);

    assertThat(events.tag(DAY + 3)).isEqualTo(tag);
    assertThat(events.closedInHead()).contains(new ClosedBatch(DAY + 3, link.uuid()));
  }

  @Test
  void completionThatHappensAfterTheRestartIsLost() throws Exception {
    CommitterState state = events.state();
    UnreliableStore.next(Fault.ERROR_THEN_RENAMED);
    assertThatIllegalStateException()
        .isThrownBy(() -> complete(events.handoff(), DAY + 2, closed, 2));
    events.restore(state);

    assertThat(UnreliableStore.deliver()).isFalse();
    assertThat(events.properties().completed()).isEqualTo(DAY + 1);
    assertThat(events.chain.change(Step.TAGS, transaction -> true)).isTrue();
  }
}
