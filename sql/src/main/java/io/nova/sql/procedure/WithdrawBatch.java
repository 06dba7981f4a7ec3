package io.nova.sql.procedure;

import io.nova.handoff.BatchRequest;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/** Takes a completion back. */
public final class WithdrawBatch implements Procedure {
  private final BatchAccess access;

  WithdrawBatch(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(
      arguments = @ArgumentHint(name = "batch", type = @DataTypeHint("STRING")),
      output = @DataTypeHint(BatchAccess.RESULT))
  public Row[] call(ProcedureContext context, String batch) {
    access.mustBeAllowed(BatchProcedure.WITHDRAW_BATCH);
    return access.ask(
        BatchProcedure.WITHDRAW_BATCH,
        BatchRequest.withdraw(access.batch(batch), BatchAccess.user(), System.currentTimeMillis()));
  }
}
