package io.nova.sql.procedure;

import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.BatchLine;
import io.nova.kafka.batches.client.TableBatches;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/** The batches that have a tag. */
public final class ListBatches implements Procedure {
  private final BatchAccess access;

  ListBatches(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(
      output =
          @DataTypeHint(
              "ROW<batch STRING, batch_number BIGINT, state STRING, link STRING, `rows` BIGINT,"
                  + " digest STRING,"
                  + " closed_at TIMESTAMP_LTZ(3), closed_by STRING, completed_at TIMESTAMP_LTZ(3),"
                  + " completed_by STRING, withdrawn_at TIMESTAMP_LTZ(3), removed_at"
                  + " TIMESTAMP_LTZ(3)>"))
  public Row[] call(ProcedureContext context) {
    EventTable table = access.table();
    return BatchLine.of(TableBatches.of(table.iceberg()), table.rules().batchLength()).stream()
        .map(ListBatches::row)
        .toArray(Row[]::new);
  }

  private static Row row(BatchLine line) {
    return Row.of(
        line.name(),
        line.batch(),
        line.state().title(),
        line.link(),
        line.rows(),
        line.digest(),
        line.closedAt(),
        line.closedBy(),
        line.completedAt(),
        line.completedBy(),
        line.withdrawnAt(),
        line.removedAt());
  }
}
