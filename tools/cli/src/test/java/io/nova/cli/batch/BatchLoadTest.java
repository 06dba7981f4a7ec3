package io.nova.cli.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.LateRowTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.TableRules;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.kafka.batches.client.LateEvent;
import io.nova.kafka.batches.client.LateRowReader;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.CloseableIterable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit of rows that the batch layer has written: nobody has changed them since. */
class BatchLoadTest {
  private static final Instant DAY = Instant.parse("2026-11-21T00:00:00Z");
  private static final long BATCH = DAY.getEpochSecond() / 86_400;

  private static final TableRules RULES =
      new TableRules(
          4,
          Duration.ofMinutes(5),
          Duration.ofDays(1),
          FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));

  private static final LateRowReader READER =
      new LateRowReader(
          RULES,
          Mapping.amplitude(),
          PolicyRules.always(
              new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.KEEP_FIRST)));

  @TempDir private Path folder;
  private BatchLoad load;

  @BeforeEach
  void makeTables() {
    EventTable events = EventTable.findOrCreate(warehouse(), RULES);
    make(BatchTable.NAME);
    make(LateRowTable.NAME);
    load = new BatchLoad(new PinnedBatch(events, BATCH), warehouse(), Path.of("none.sql"));
  }

  private String warehouse() {
    return folder.toString();
  }

  private void make(TableIdentifier name) {
    Schema schema = AvroSchemaUtil.toIceberg(EventSchema.avro());
    Table unused =
        new HadoopCatalog(Storage.configuration(), warehouse())
            .createTable(
                name, schema, PartitionSpec.builderFor(schema).identity("batch_number").build());
  }

  private static ByteBuffer row(String id, int hour) {
    Instant upload = DAY.plus(Duration.ofHours(hour));
    String text =
        "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"%s\",\"server_upload_time\":\"%s\"}"
            .formatted(id, upload);
    return READER.read(new LateEvent("batch_closed", false, upload, "events", 0, 1, text)).row();
  }

  private Table late() {
    return LateRowTable.find(warehouse()).orElseThrow().iceberg();
  }

  private void lateRows(ByteBuffer... rows) {
    LateRowTable.find(warehouse()).orElseThrow().replace(BATCH, List.of(rows));
  }

  /** Writes rows to late_rows, and adds the file to batch_events. */
  private BatchAudit.Result addToBatch(ByteBuffer... rows) throws IOException {
    lateRows(rows);
    Table batchEvents = BatchTable.find(warehouse()).orElseThrow();
    try (CloseableIterable<FileScanTask> files = late().newScan().planFiles()) {
      files.forEach(file -> batchEvents.newAppend().appendFile(file.file()).commit());
    }
    return BatchAudit.of(BatchRows.of(late(), BATCH));
  }

  @Test
  void theRowsAreThoseOfTheTagAndTheLateOnes() throws IOException {
    BatchAudit.Result tagged = addToBatch(row("a", 1), row("b", 2));
    addToBatch(row("late", 2));

    BatchAudit.Result found = load.audit(tagged, 1);

    assertThat(found.total().rows()).isEqualTo(3);
    assertThat(found.lines()).hasSize(2);
  }

  @Test
  void rowsThatWereChangedAfterTheInsertAreNamedAndTheBatchIsNotCompleted() throws IOException {
    BatchAudit.Result tagged = addToBatch(row("a", 1), row("b", 2));
    addToBatch(row("c", 2));
    lateRows();

    assertThatThrownBy(() -> load.audit(tagged, 0))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Batch 2026-11-21: the rows of nova.batch_events are not those")
        .hasMessageContaining("App 7, hour 2026-11-21T02:00:00Z: found 2 rows")
        .hasMessageContaining("expected 1 rows")
        .hasMessageContaining("The batch is not completed")
        .hasMessageNotContaining("01:00");
  }

  @Test
  void anotherRowInPlaceOfOneIsNamed() throws IOException {
    lateRows(row("a", 1));
    BatchAudit.Result tagged = BatchAudit.of(BatchRows.of(late(), BATCH));
    addToBatch(row("x", 1));
    lateRows();

    assertThatThrownBy(() -> load.audit(tagged, 0)).hasMessageContaining("01:00");
  }

  @Test
  void aLateRowThatWasNotStagedIsMissed() throws IOException {
    BatchAudit.Result tagged = addToBatch(row("a", 1));
    lateRows();

    assertThatThrownBy(() -> load.audit(tagged, 1)).hasMessageContaining("of 1 late events (0 in");
  }

  @Test
  void replacedLateRowsAreThoseOfOneBatchAlone() throws IOException {
    lateRows(row("a", 1), row("b", 1));
    LateRowTable.find(warehouse()).orElseThrow().replace(BATCH + 1, List.of());
    assertThat(BatchAudit.of(BatchRows.of(late(), BATCH)).total().rows()).isEqualTo(2);
    long snapshots = snapshots();
    lateRows();
    assertThat(BatchAudit.of(BatchRows.of(late(), BATCH)).total().rows()).isZero();
    assertThatCode(this::lateRows).doesNotThrowAnyException();
    assertThat(snapshots()).as("nothing to replace").isEqualTo(snapshots + 1);
  }

  private long snapshots() {
    List<Long> ids = new ArrayList<>();
    late().snapshots().forEach(one -> ids.add(one.snapshotId()));
    return ids.size();
  }
}
