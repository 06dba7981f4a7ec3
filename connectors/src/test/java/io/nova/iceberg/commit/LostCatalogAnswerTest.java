package io.nova.iceberg.commit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.NovaWarehouse;
import io.nova.fixtures.SwapFaults;
import io.nova.fixtures.SwapFaults.Fault;
import io.nova.iceberg.TestCatalog;
import io.nova.iceberg.TestCatalog.Kind;
import java.nio.file.Path;
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
  private ChainWriter writer;

  private void begin(Kind kind) {
    catalog = TestCatalog.open(kind, folder.resolve("ware house"));
    faults = catalog.faults();
    warehouse = new NovaWarehouse(catalog.address());
    writer = new ChainWriter(warehouse);
  }

  @AfterEach
  void end() {
    catalog.close();
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
    CommitterState early = writer.state();
    faults.next(fault);
    writer.chain.apply(writer.draw("b"));
    mustHappen();
    assertThat(warehouse.ids()).containsExactly("a", "b");

    faults.next(fault);
    writer.chain.apply(writer.drawWithChunk("c", "d"));
    mustHappen();
    assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");

    CommitterState later = writer.state();
    faults.next(fault);
    CommitChain again = writer.restart(later);
    mustHappen();
    assertThat(again.head()).isEqualTo(writer.chain.head());
    assertThat(warehouse.ids()).containsExactly("a", "b", "c", "d");

    faults.next(fault);
    writer.restart(early);
    mustHappen();
    assertThat(warehouse.ids()).containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource({"JDBC", "REST"})
  void commitIsUnknownWhileTheCatalogIsSilentAndIsFoundAfterIt(Kind kind) {
    begin(kind);
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    faults.next(Fault.DONE_THEN_SILENCE);
    assertThatIllegalStateException()
        .isThrownBy(() -> writer.chain.apply(link))
        .withMessageContaining("it is unknown whether link " + link.uuid() + " is in the table")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Nothing was changed"));
    faults.recover();

    assertThat(warehouse.ids()).containsExactly("a", "b");
    assertThat(writer.restart(state).head()).isEqualTo(link.uuid());
    assertThat(warehouse.ids()).containsExactly("a", "b");
  }

  @ParameterizedTest
  @CsvSource({"JDBC, ERROR", "JDBC, CUT", "REST, ERROR", "REST, CUT"})
  void commitThatNeverHappenedIsAppliedByTheRestart(Kind kind, Fault fault) {
    begin(kind);
    Link link = writer.drawWithChunk("b", "c");
    CommitterState state = writer.state(link);
    faults.next(fault);
    assertThatThrownBy(() -> writer.chain.apply(link)).isInstanceOf(RuntimeException.class);
    mustHappen();
    assertThat(warehouse.ids()).containsExactly("a");

    writer.restart(state);

    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource({"JDBC", "REST"})
  void commitThatHappensAfterItsErrorIsFoundByTheRestart(Kind kind) {
    begin(kind);
    Link link = writer.drawWithChunk("b", "c");
    CommitterState state = writer.state(link);
    faults.next(Fault.ERROR_THEN_DONE);
    assertThatThrownBy(() -> writer.chain.apply(link)).isInstanceOf(RuntimeException.class);

    assertThat(faults.deliver()).isTrue();

    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
    assertThat(writer.restart(state).head()).isEqualTo(link.uuid());
    assertThat(warehouse.ids()).containsExactly("a", "b", "c");
  }

  @ParameterizedTest
  @CsvSource({"JDBC", "REST"})
  void commitThatHappensAfterTheRestartChangesNothing(Kind kind) {
    begin(kind);
    Link link = writer.draw("b");
    CommitterState state = writer.state(link);
    faults.next(Fault.ERROR_THEN_DONE);
    assertThatThrownBy(() -> writer.chain.apply(link)).isInstanceOf(RuntimeException.class);
    writer.restart(state);

    assertThat(faults.deliver()).isFalse();

    assertThat(warehouse.ids()).containsExactly("a", "b");
  }
}
