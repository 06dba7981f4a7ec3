package io.nova.sql.procedure;

import io.nova.handoff.BatchRequest;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/** Ends the job's wait for a partition. */
public final class RetirePartition implements Procedure {
  private final BatchAccess access;

  RetirePartition(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(
      arguments = @ArgumentHint(name = "partition", type = @DataTypeHint("INT")),
      output = @DataTypeHint(BatchAccess.RESULT))
  public Row[] call(ProcedureContext context, Integer partition) {
    access.mustBeAllowed(BatchProcedure.RETIRE_PARTITION);
    if (partition < 0) {
      throw new IllegalArgumentException(
          "Argument partition: found %d, expected 0 or more. Nothing was done."
              .formatted(partition));
    }
    return access.ask(
        BatchProcedure.RETIRE_PARTITION,
        BatchRequest.retire(partition, BatchAccess.user(), System.currentTimeMillis()));
  }
}
