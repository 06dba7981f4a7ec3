package io.nova.sql.procedure;

import io.nova.handoff.BatchName;
import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.BatchAudit;
import java.util.stream.Stream;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/** Rows and digest of a closed batch. */
public final class AuditBatch implements Procedure {
  private final BatchAccess access;

  AuditBatch(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(
      arguments = @ArgumentHint(name = "batch", type = @DataTypeHint("STRING")),
      output =
          @DataTypeHint("ROW<app BIGINT, `hour` TIMESTAMP_LTZ(3), `rows` BIGINT, digest STRING>"))
  public Row[] call(ProcedureContext context, String batch) {
    EventTable table = access.table();
    long number = access.batch(batch);
    String name = BatchName.of(number, table.rules().batchLength());
    BatchAudit.Result found = BatchAudit.of(table.iceberg(), number, name);
    return Stream.concat(
            found.lines().stream()
                .map(line -> Row.of(line.app(), line.hour(), line.rows(), line.digest())),
            Stream.of(Row.of(null, null, found.total().rows(), found.total().digest())))
        .toArray(Row[]::new);
  }
}
