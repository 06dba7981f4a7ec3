package io.nova.cli.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.cli.run.JobOptions;
import io.nova.cli.sql.SqlGateway;
import io.nova.event.identity.FingerprintKey;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TableRules;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.kafka.batches.client.BatchResult.State;
import io.nova.kafka.batches.client.LateEvents;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that end before they need a gateway, a broker or a job. */
class BatchRunTest {
  private static final long BATCH = 20_778;
  private static final TableRules RULES =
      new TableRules(
          4,
          Duration.ofMinutes(5),
          Duration.ofDays(1),
          FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));

  @TempDir private Path folder;
  private final List<String> progress = new ArrayList<>();
  private Table events;

  @BeforeEach
  void makeTable() {
    events = EventTable.findOrCreate(folder.toString(), RULES).iceberg();
  }

  private BatchRunResult run(long batch) {
    return batchLayer().run(batch, progress::add);
  }

  private BatchRun batchLayer() {
    return new BatchRun(
        new SqlGateway(URI.create("http://127.0.0.1:1")),
        CatalogAddress.hadoop(folder.toString()),
        (id, request) -> {
          throw new AssertionError("Asked for " + request);
        },
        new LateEvents("127.0.0.1:1", "rejected", Map.of()),
        new JobOptions(Map.of()),
        Duration.ofSeconds(1));
  }

  private void completeUpTo(long batch) {
    events
        .updateProperties()
        .set(
            HandoffProperties.PROPERTY,
            "{\"version\":1,\"completed\":%d,\"deleted\":%d,\"position\":-1,\"batches\":[]}"
                .formatted(batch, batch))
        .commit();
  }

  /** A snapshot that lists one closed batch, and a tag of a later one. */
  private void close(long batch, long tagged) {
    events.newAppend().set("nova.closed", batch + ":link").commit();
    events
        .manageSnapshots()
        .createTag("batch-" + tagged, events.currentSnapshot().snapshotId())
        .commit();
  }

  @Test
  void aBatchThatIsNotClosedIsRefusedWithTheWayToCloseIt() {
    assertThatThrownBy(() -> run(BATCH))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Batch 2026-11-21 is not closed")
        .hasMessageContaining("nova batch close 2026-11-21")
        .hasMessageContaining("Nothing was done");
  }

  @Test
  void aCompletedBatchWhoseTagIsGoneIsLeftAsItIs() {
    completeUpTo(BATCH);

    BatchRunResult result = run(BATCH);

    assertThat(result.state()).isEqualTo(State.COMPLETED);
    assertThat(result.rows()).isNull();
    assertThat(result.detail()).contains("its tag is gone");
    assertThat(BatchTable.find(folder.toString())).isEmpty();
    assertThat(progress).isEmpty();
  }

  @Test
  void aClosedBatchThatNeverHadAnEventNeedsNoCompletion() {
    close(BATCH + 1, BATCH + 1);

    BatchRunResult result = batchLayer().withoutLateEvents().run(BATCH, progress::add);

    assertThat(result.state()).isEqualTo(State.CLOSED);
    assertThat(BatchRunLines.json(result))
        .isEqualTo(
            "{\"batch\":\"2026-11-21\",\"batchNumber\":20778,\"state\":\"closed\",\"lateRows\":0,"
                + "\"detail\":\"The batch had no event when a later one was closed, so it has no tag"
                + " to load and to complete. Nothing was done.\"}");
  }

  @Test
  void aBatchAfterOneThatIsNotCompletedIsRefusedBeforeAnythingIsWritten() {
    close(BATCH, BATCH + 1);

    assertThatThrownBy(() -> run(BATCH + 1))
        .hasMessageContaining("Batch 2026-11-22 comes after batch 2026-11-21")
        .hasMessageContaining("nova batch run 2026-11-21");
    assertThat(BatchTable.find(folder.toString())).isEmpty();
  }
}
