package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.event.Tally;
import io.nova.fixtures.Events;
import io.nova.fixtures.SwapFaults;
import io.nova.fixtures.SwapFaults.Fault;
import io.nova.iceberg.TestCatalog;
import io.nova.iceberg.TestCatalog.Kind;
import io.nova.shard.BlockFile;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commits to a database or a server that does not answer, or answers wrongly. */
class LostCatalogAnswerTest {
  @TempDir private Path folder;
  private TestCatalog catalog;
  private SwapFaults faults;
  private NovaWarehouse warehouse;
  private CommitChain chain;
  private Draft draft;

  private void begin(Kind kind) {
    catalog = TestCatalog.open(kind, folder.resolve("ware house"));
    faults = catalog.faults();
    warehouse = new NovaWarehouse(catalog.address());
    chain = CommitChain.begin(warehouse.open(), UUID.randomUUID().toString());
    draft = Draft.first(chain.head(), NovaWarehouse.RULES.shards());
    chain.apply(draw("a"));
  }

  @AfterEach
  void end() {
    catalog.close();
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

  private void mustHappen() {
    assertThat(faults.isWaiting()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "JDBC, DONE_THEN_ASKED_AGAIN",
    "JDBC, DONE_THEN_ERROR",
    "JDBC, DONE_THEN_CUT",
    "REST, DONE_THEN_ASKED_AGAIN",
    "REST, DONE_THEN_ERROR",
    "REST, DONE_THEN_CUT"
  })
  void commitWhoseAnswerIsLostSucceeds(Kind kind, Fault fault) {
    begin(kind);
    CommitterState early = state();
    faults.next(fault);
    chain.apply(draw("b"));
    mustHappen();
    assertThat(warehouse.ids()).containsExactly("a", "b");

    faults.next(fault);
    chain.apply(drawWithChunk("c", "d"));
    mustHappen();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");

    CommitterState later = state();
    faults.next(fault);
    CommitChain again = restart(later);
    mustHappen();
    assertThat(again.head()).isEqualTo(chain.head());
    assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");

    faults.next(fault);
    restart(early);
    mustHappen();
    assertThat(warehouse.ids()).containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource({"JDBC", "REST"})
  void commitIsUnknownWhileTheCatalogIsSilentAndIsFoundAfterIt(Kind kind) {
    begin(kind);
    Link link = draw("b");
    CommitterState state = state(link);
    faults.next(Fault.DONE_THEN_SILENCE);
    assertThatIllegalStateException()
        .isThrownBy(() -> chain.apply(link))
        .withMessageContaining("it is unknown whether link " + link.uuid() + " is in the table")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Nothing was changed"));
    faults.recover();

    assertThat(warehouse.ids()).containsExactly("a", "b");
    assertThat(restart(state).head()).isEqualTo(link.uuid());
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource({"JDBC, ERROR", "JDBC, CUT", "REST, ERROR", "REST, CUT"})
  void commitThatNeverHappenedIsAppliedByTheRestart(Kind kind, Fault fault) {
    begin(kind);
    Link link = drawWithChunk("b", "c");
    CommitterState state = state(link);
    faults.next(fault);
    assertThatThrownBy(() -> chain.apply(link)).isInstanceOf(RuntimeException.class);
    mustHappen();
    assertThat(warehouse.ids()).containsExactly("a");

    restart(state);

    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource({"JDBC", "REST"})
  void commitThatHappensAfterItsErrorIsFoundByTheRestart(Kind kind) {
    begin(kind);
    Link link = drawWithChunk("b", "c");
    CommitterState state = state(link);
    faults.next(Fault.ERROR_THEN_DONE);
    assertThatThrownBy(() -> chain.apply(link)).isInstanceOf(RuntimeException.class);

    assertThat(faults.deliver()).isTrue();

    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
    assertThat(restart(state).head()).isEqualTo(link.uuid());
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource({"JDBC", "REST"})
  void commitThatHappensAfterTheRestartChangesNothing(Kind kind) {
    begin(kind);
    Link link = draw("b");
    CommitterState state = state(link);
    faults.next(Fault.ERROR_THEN_DONE);
    assertThatThrownBy(() -> chain.apply(link)).isInstanceOf(RuntimeException.class);
    restart(state);

    assertThat(faults.deliver()).isFalse();

    assertThat(warehouse.ids()).containsExactly("a", "b");
  }
}
