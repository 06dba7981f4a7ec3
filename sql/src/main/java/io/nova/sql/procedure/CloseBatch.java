package io.nova.sql.procedure;

import io.nova.handoff.BatchRequest;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/** Closes a batch and all before it. */
public final class CloseBatch implements Procedure {
  private final BatchAccess access;

  CloseBatch(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(
      arguments = {
        @ArgumentHint(name = "batch", type = @DataTypeHint("STRING")),
        @ArgumentHint(name = "force", type = @DataTypeHint("BOOLEAN"), isOptional = true),
        @ArgumentHint(name = "leave_out", type = @DataTypeHint("STRING"), isOptional = true)
      },
      output = @DataTypeHint(BatchAccess.RESULT))
  public Row[] call(
      ProcedureContext context, String batch, @Nullable Boolean force, @Nullable String leaveOut) {
    access.mustBeAllowed(BatchProcedure.CLOSE_BATCH);
    return access.ask(
        BatchProcedure.CLOSE_BATCH,
        BatchRequest.close(
            access.batch(batch),
            Boolean.TRUE.equals(force),
            partitions(leaveOut),
            BatchAccess.user(),
            System.currentTimeMillis()));
  }

  private static List<Integer> partitions(@Nullable String text) {
    if (text == null || text.isBlank()) {
      return List.of();
    }
    try {
      return Arrays.stream(text.split(",", -1)).map(String::strip).map(Integer::valueOf).toList();
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          ("Argument leave_out: found '%s', expected numbers of partitions, separated by commas."
                  + " Nothing was done.")
              .formatted(text));
    }
  }
}
