package io.nova.cli.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.event.identity.FingerprintKey;
import io.nova.event.mapping.Mapping;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.LateRowTable;
import io.nova.iceberg.Storage;
import io.nova.iceberg.TableRules;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.kafka.PolicyRules;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.kafka.batches.client.LateEvent;
import io.nova.kafka.batches.client.LateRow;
import io.nova.kafka.batches.client.LateRowReader;
import io.nova.policy.Policy;
import io.nova.shard.ConflictRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.hadoop.HadoopCatalog;
import org.apache.iceberg.io.CloseableIterable;

/** An event table without rows and the tables of the batch layer, with batches of a day. */
final class BatchLayerTables {
  static final Instant DAY = Instant.parse("2026-11-21T00:00:00Z");

  /** The batch of that day. */
  static final long BATCH = DAY.getEpochSecond() / 86_400;

  private static final TableRules RULES =
      new TableRules(
          4,
          Duration.ofMinutes(5),
          Duration.ofDays(1),
          FingerprintKey.ofHex("000102030405060708090a0b0c0d0e0f"));

  /** With a dedup window of ten minutes. */
  static final LateRowReader READER =
      new LateRowReader(
          RULES,
          Mapping.amplitude(),
          PolicyRules.always(
              new Policy(List.of(), Duration.ofMinutes(10), ConflictRule.KEEP_FIRST)));

  private final String warehouse;
  private final EventTable events;

  BatchLayerTables(Path folder) {
    warehouse = folder.toString();
    events = EventTable.findOrCreate(warehouse, RULES);
    make(BatchTable.NAME);
    make(LateRowTable.NAME);
  }

  private void make(TableIdentifier name) {
    Schema schema = AvroSchemaUtil.toIceberg(EventSchema.avro());
    Table unused =
        new HadoopCatalog(Storage.configuration(), warehouse)
            .createTable(
                name, schema, PartitionSpec.builderFor(schema).identity("batch_number").build());
  }

  CatalogAddress catalog() {
    return CatalogAddress.hadoop(warehouse);
  }

  PinnedBatch pinned() {
    return new PinnedBatch(events, BATCH);
  }

  /** A late event of an upload time, in minutes after the beginning of the day. */
  static LateEvent event(String id, int minute, boolean mayBeCopy) {
    Instant upload = DAY.plus(Duration.ofMinutes(minute));
    String text =
        "{\"app\":7,\"device_id\":\"d\",\"$insert_id\":\"%s\",\"server_upload_time\":\"%s\"}"
            .formatted(id, upload);
    return new LateEvent(
        mayBeCopy ? "unknown" : "batch_closed",
        mayBeCopy,
        upload,
        "events",
        0,
        minute,
        0,
        null,
        text);
  }

  static LateRow row(String id, int minute) {
    return READER.read(event(id, minute, false));
  }

  LateRowTable lateRows() {
    return LateRowTable.find(warehouse).orElseThrow();
  }

  /** Replaces the late rows of a batch. */
  void stage(long batch, LateRow... rows) {
    lateRows().replace(batch, Arrays.stream(rows).map(LateRow::row).toList());
  }

  BatchAudit.Result stagedFigures() {
    return BatchAudit.of(BatchLayerRows.of(lateRows().iceberg(), BATCH));
  }

  /** Completes all batches up to this one, whose tags are gone. */
  void complete(long batch) {
    HandoffProperties completed = new HandoffProperties(1, batch, batch, null, -1, List.of());
    try {
      events
          .iceberg()
          .updateProperties()
          .set(HandoffProperties.PROPERTY, new ObjectMapper().writeValueAsString(completed))
          .commit();
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Stages rows, and adds the file to the rows of the batch layer. */
  void add(long batch, LateRow... rows) {
    add(BatchTable.find(warehouse).orElseThrow(), batch, rows);
  }

  /** Stages rows, and adds the file to the rows of Nova's table. */
  void admit(long batch, LateRow... rows) {
    add(events.iceberg(), batch, rows);
  }

  private void add(Table table, long batch, LateRow... rows) {
    stage(batch, rows);
    try (CloseableIterable<FileScanTask> files =
        lateRows()
            .iceberg()
            .newScan()
            .filter(Expressions.equal("batch_number", batch))
            .planFiles()) {
      files.forEach(file -> table.newAppend().appendFile(file.file()).commit());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
