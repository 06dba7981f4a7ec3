package io.nova.cli.batch;

import io.nova.cli.process.CommandException;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlGateway;
import io.nova.cli.sql.SqlSession;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.BatchTable;
import io.nova.iceberg.CatalogAddress;
import io.nova.iceberg.LateRowTable;
import io.nova.kafka.batches.client.BatchAudit;
import io.nova.kafka.batches.client.LateRow;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;
import org.jspecify.annotations.Nullable;

/**
 * The load of a batch into {@code nova.batch_events}: by the script, in a session of its own.
 *
 * @param pinned the batch
 * @param catalog the job's
 * @param script the file of the script
 */
record BatchLoad(PinnedBatch pinned, CatalogAddress catalog, Path script) {
  private static final int MOST_DIFFERENCES = 5;

  /** By name: a table that another layer made may have them in another order. */
  private static final String COLUMNS =
      EventSchema.avro().getFields().stream()
          .map(column -> "`%s`".formatted(column.name()))
          .collect(Collectors.joining(", "));

  /**
   * Replaces the rows of the batch.
   *
   * @param late the late events to add; null leaves those of the run before
   * @param rows the rows of the tag
   * @throws CommandException if a statement fails; the message has the reason of its job
   */
  void write(SqlGateway sql, @Nullable List<LateRow> late, long rows) {
    BatchScript statements = BatchScript.read(script, values());
    try (SqlSession session = sql.openPlain()) {
      BatchScript.run(session, statements.before());
      new RunningInsert(session).mustHaveEnded(pinned.name());
      if (late != null) {
        lateRowTable().replace(pinned.batch(), late.stream().map(LateRow::row).toList());
      }
      if (rows == 0 && lateRowTable().isEmpty(pinned.batch())) {
        emptyPartition();
      } else {
        session.execute(statements.insert(), RowPrinter.NOWHERE);
      }
      BatchScript.run(session, statements.after());
    }
  }

  private Map<String, String> values() {
    return Map.of(
        "name", pinned.name(),
        "batch", Long.toString(pinned.batch()),
        "snapshot", Long.toString(pinned.snapshotId()),
        "catalog", properties(),
        "columns", COLUMNS);
  }

  /**
   * The properties of the catalog, as a part of CREATE CATALOG.
   *
   * @throws CommandException if one is a secret: the gateway stores statements
   */
  private String properties() {
    if (!catalog.secrets().isEmpty()) {
      throw new CommandException(
          "Batch %s: the script would show the catalog's secrets %s. Load the tag with an engine that has its own access, and complete the batch with `nova batch complete`. Nothing was done."
              .formatted(pinned.name(), catalog.secrets()));
    }
    return catalog.underAnotherName().entrySet().stream()
        .map(one -> "'%s' = '%s'".formatted(quoted(one.getKey()), quoted(one.getValue())))
        .collect(Collectors.joining(",\n  "));
  }

  private static String quoted(String text) {
    return text.replace("'", "''");
  }

  private LateRowTable lateRowTable() {
    return LateRowTable.find(catalog).orElseThrow(() -> missing("late_rows"));
  }

  private CommandException missing(String table) {
    return new CommandException(
        "Script %s has not made the table nova.%s in %s. Batch %s is not completed."
            .formatted(script, table, catalog.warehouse(), pinned.name()));
  }

  /** An INSERT without rows would leave the partition as it is. */
  private void emptyPartition() {
    batchEvents()
        .newOverwrite()
        .overwriteByRowFilter(Expressions.equal(EventSchema.BATCH_NUMBER, pinned.batch()))
        .commit();
  }

  private Table batchEvents() {
    return BatchTable.find(catalog).orElseThrow(() -> missing("batch_events"));
  }

  /**
   * Compares the rows of the batch with those that it should have.
   *
   * @param tagged the figures of the tag
   * @param late the number of late events that were added; null if it is that of the run before
   * @return the figures of the rows
   * @throws CommandException if they differ; the message says where
   */
  BatchAudit.Result audit(BatchAudit.Result tagged, @Nullable Integer late) {
    Table lateRows = lateRowTable().iceberg();
    BatchAudit.Result added = BatchAudit.of(BatchLayerRows.of(lateRows, pinned.batch()));
    BatchAudit.Result found = BatchAudit.of(BatchLayerRows.of(batchEvents(), pinned.batch()));
    List<String> differences = found.differencesFrom(tagged.plus(added));
    long addedRows = added.total().rows();
    if (!differences.isEmpty() || (late != null && addedRows != late)) {
      throw different(late == null ? addedRows : late, addedRows, differences);
    }
    return found;
  }

  private CommandException different(long late, long added, List<String> differences) {
    String more =
        differences.size() > MOST_DIFFERENCES
            ? " And %d more.".formatted(differences.size() - MOST_DIFFERENCES)
            : "";
    return new CommandException(
        "Batch %s: the rows of nova.batch_events are not those of the tag %s and of %d late events (%d in nova.late_rows). %s%s The batch is not completed. Run it again; nobody else may write the table meanwhile."
            .formatted(
                pinned.name(),
                pinned.tag(),
                late,
                added,
                String.join(" ", differences.stream().limit(MOST_DIFFERENCES).toList()),
                more));
  }
}
