package io.nova.sql.procedure;

import io.nova.handoff.BatchRequest;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;

/** Runs the hourly task of the table now. */
public final class ExpireNow implements Procedure {
  private final BatchAccess access;

  ExpireNow(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(output = @DataTypeHint(BatchAccess.RESULT))
  public Row[] call(ProcedureContext context) {
    access.mustBeAllowed(BatchProcedure.EXPIRE);
    return access.ask(
        BatchProcedure.EXPIRE, BatchRequest.expire(BatchAccess.user(), System.currentTimeMillis()));
  }
}
