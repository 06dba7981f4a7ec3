package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.iceberg.Chunk;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.iceberg.Snapshot;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommitChainTest {
  @TempDir private Path folder;
  private NovaWarehouse warehouse;
  private CommitChain chain;
  private Draft draft;

  @BeforeEach
  void begin() {
    warehouse = new NovaWarehouse(folder.resolve("ware house"));
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
  }

  private BlockFile file(String id) {
    return warehouse.write(Events.at("10:02").id(id));
  }

  private Link draw(String... ids) {
    for (String id : ids) {
      draft.add(file(id));
    }
    return draft.draw(chain.generation(), new Tally());
  }

  private CommitterState state(Link... pending) {
    CommitterState state = draft.state(chain.head(), List.of(pending));
    return CommitterState.read(state.write());
  }

  private Snapshot head() {
    return warehouse.open().iceberg().currentSnapshot();
  }

  private void mustFailAndChangeNothing(CommitChain writer, Link link, String why) {
    Snapshot before = head();

    assertThatIllegalStateException()
        .isThrownBy(() -> writer.apply(link))
        .withMessageContaining(why);

    assertThat(head()).isEqualTo(before);
  }

  @Test
  void chainBeginsOnATableWithoutContent() {
    assertThat(warehouse.ids()).isEmpty();
    assertThat(head().summary()).containsEntry("nova.step", "BIRTH");

    chain.apply(draw("a"));

    assertThat(warehouse.ids()).containsExactly("a");
  }

  @Test
  void startWithoutStateOnATableWithContentFails() {
    chain.apply(draw("a"));
    Snapshot before = head();

    assertThatIllegalStateException()
        .isThrownBy(() -> CommitChain.begin(warehouse.open(), UUID.randomUUID().toString()))
        .withMessageContaining("flink run -s");

    assertThat(head()).isEqualTo(before);
  }

  @Test
  void stepThatOnlyALaterNovaKnowsIsReadAsAnyOther() {
    chain.apply(draw("a"));
    CommitterState state = state();
    warehouse
        .open()
        .iceberg()
        .newFastAppend()
        .set(LinkSummary.UUID, chain.head())
        .set(LinkSummary.GENERATION, chain.generation())
        .set(LinkSummary.STEP, "REPAIR")
        .set(LinkSummary.SEQUENCES, Sequences.encode(List.of(1L, 0L)))
        .commit();

    assertThat(LinkSummary.of(head()))
        .contains(
            new LinkSummary(
                head().snapshotId(), chain.head(), chain.generation(), "REPAIR", List.of(1L, 0L)));
    CommitChain resumed = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
    assertThat(resumed.head()).isEqualTo(chain.head());
    assertThat(warehouse.ids()).containsExactly("a");
  }

  @Test
  void theHistoryNamesTheOffsetsThatARunMayGoOnWithout() {
    CommitterState state = state();

    CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state, "3:100-111");
    assertThat(head().summary()).containsEntry("nova.given-up", "3:100-111");

    CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
    assertThat(head().summary()).doesNotContainKey("nova.given-up");
  }

  @Test
  void linkIsAppliedOnce() {
    Link link = draw("a", "b");
    chain.apply(link);
    Snapshot applied = head();
    chain.apply(link);

    assertThat(head()).isEqualTo(applied);
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void chunkTakesThePlaceOfItsBlockFilesInTheSameLink() {
    BlockFile one = file("a");
    BlockFile two = file("b");
    draft.add(one);
    draft.add(two);
    draft.add(warehouse.merge(one, two));
    chain.apply(draft.draw(chain.generation(), new Tally()));

    assertThat(warehouse.ids()).containsExactly("a", "b");
    assertThat(head().summary())
        .containsEntry("nova.step", "REWRITE")
        .containsEntry("nova.block-files", "2")
        .containsEntry("nova.chunks", "1")
        .containsEntry("total-data-files", "1");
  }

  @Test
  void chunkTakesThePlaceOfSmallChunksOfAnEarlierLinkAndOfItsOwn() {
    BlockFile one = file("a");
    BlockFile two = file("b");
    BlockFile three = file("c");
    List.of(one, two, three).forEach(draft::add);
    Chunk earlier = warehouse.merge(one).waiting();
    draft.add(earlier);
    chain.apply(draft.draw(chain.generation(), new Tally()));
    Chunk own = warehouse.merge(two).waiting();
    draft.add(own);
    draft.add(warehouse.mergeAgain(List.of(three), earlier, own));
    chain.apply(draft.draw(chain.generation(), new Tally()));

    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
    assertThat(head().summary())
        .containsEntry("nova.step", "REWRITE")
        .containsEntry("total-data-files", "1")
        .containsEntry("total-records", "3");
  }

  @Test
  void resumeAppliesWhatIsPendingOneByOne() {
    Link first = draw("a");
    Link second = draw("b");
    CommitterState state = state(first, second);

    CommitChain resumed = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);

    assertThat(warehouse.ids()).containsExactly("a", "b");
    assertThat(resumed.head()).isEqualTo(second.uuid());
    assertThat(warehouse.open().iceberg().snapshots())
        .extracting(s -> s.summary().get("nova.step"))
        .containsExactly("BIRTH", "MARKER", "APPEND", "APPEND");
  }

  @Test
  void resumeDoesNotApplyALinkTwice() {
    Link first = draw("a");
    Link second = draw("b");
    CommitterState state = state(first, second);
    chain.apply(first);
    chain.apply(second);

    CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);

    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @Test
  void resumeGoesBackToWhatTheStateKnew() {
    Link first = draw("a");
    CommitterState early = state(first);
    chain.apply(first);
    chain.apply(draw("b"));
    CommitChain later = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state());
    assertThat(warehouse.ids()).containsExactly("a", "b");

    CommitChain back = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), early);

    assertThat(warehouse.ids()).containsExactly("a");
    assertThat(back.head()).isEqualTo(first.uuid());
    assertThat(back.generation()).isNotEqualTo(later.generation());
  }

  @Test
  void savepointOfABranchThatWasLeftCanBeRestored() {
    chain.apply(draw("a"));
    CommitterState fork = state();
    chain.apply(draw("left"));
    CommitterState left = state();
    chain = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), fork);
    draft = Draft.after(fork);
    chain.apply(draw("taken"));
    assertThat(warehouse.ids()).containsExactly("a", "taken");

    CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), left);

    assertThat(warehouse.ids()).containsExactly("a", "left");
  }

  @Test
  void markerNamesTheSequencesInTheTable() {
    chain.apply(draw("a"));
    String before = head().summary().get("nova.sequences");
    Link pending = draw("b", "c", "d");

    CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state(pending));

    List<String> sequences = new ArrayList<>();
    for (Snapshot snapshot : warehouse.open().iceberg().snapshots()) {
      if (snapshot.summary().get("nova.step").equals("MARKER")) {
        sequences.add(snapshot.summary().get("nova.sequences"));
      }
    }
    assertThat(sequences).containsExactly(before);
  }

  @Test
  void stateWhoseLinksAreUnknownFailsAndChangesNothing() {
    chain.apply(draw("a"));
    Snapshot before = head();
    CommitterState stranger =
        Draft.first("stranger", NovaWarehouse.RULES.shards()).state("stranger", List.of());

    assertThatIllegalStateException()
        .isThrownBy(
            () -> CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), stranger))
        .withMessageContaining("no retained snapshot");

    assertThat(head()).isEqualTo(before);
  }

  @Test
  void writerOfAnEarlierGenerationFailsAndChangesNothing() {
    chain.apply(draw("a"));
    CommitterState state = state();
    Link link = draw("zombie");
    CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);

    mustFailAndChangeNothing(chain, link, "second writer");
    assertThat(warehouse.ids()).containsExactly("a");
  }

  @Test
  void linkWhoseParentIsNotTheHeadFailsAndChangesNothing() {
    draw("skipped");

    mustFailAndChangeNothing(chain, draw("next"), "Nothing was changed");
  }

  @Test
  void chunkOfMissingBlockFilesFailsAndChangesNothing() {
    BlockFile absent = file("absent");
    draft.add(file("a"));
    draft.add(warehouse.merge(absent));

    mustFailAndChangeNothing(chain, draft.draw(chain.generation(), new Tally()), "does not fit");
  }

  @Test
  void laterOfTwoStartsWins() {
    CommitterState state = state();
    CommitChain first = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
    CommitChain second = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
    Link link = draw("a");

    mustFailAndChangeNothing(first, link, "second writer");
    second.apply(link);

    assertThat(warehouse.ids()).containsExactly("a");
  }

  @Test
  void restartAndZombieThatRaceNeverBothCommit() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(2);
    for (int round = 0; round < 12; round++) {
      chain.apply(draw("r" + round));
      CommitterState state = state();
      Draft ours = Draft.after(state);
      Link link = draw("zombie" + round);
      CommitChain zombie = chain;

      Future<Boolean> late = threads.submit(committed(() -> zombie.apply(link)));
      chain = CommitChain.resume(warehouse.open(), UUID.randomUUID().toString(), state);
      late.get();
      draft = ours;

      assertThat(warehouse.ids()).hasSize(round + 1).noneMatch(id -> id.startsWith("zombie"));
    }
    threads.shutdown();
  }

  private static Callable<Boolean> committed(Runnable commit) {
    return () -> {
      try {
        commit.run();
        return true;
      } catch (IllegalStateException failed) {
        return false;
      }
    };
  }
}
