package io.nova.sql.procedure;

import io.nova.handoff.BatchRequest;
import io.nova.iceberg.lifecycle.NamedByState;
import io.nova.iceberg.lifecycle.RemovalPlan;
import io.nova.iceberg.lifecycle.Retention;
import io.nova.iceberg.lifecycle.TableLifecycle;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;
import org.apache.flink.util.TimeUtils;
import org.jspecify.annotations.Nullable;

/** Runs the hourly task of the table now, or lists what it would remove. */
public final class ExpireNow implements Procedure {
  private static final Duration DEFAULT_RETENTION = Duration.ofDays(7);
  private static final Duration DEFAULT_MIN_AGE = Duration.ofHours(1);

  private final BatchAccess access;

  ExpireNow(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(
      arguments = {
        @ArgumentHint(name = "dry_run", type = @DataTypeHint("BOOLEAN"), isOptional = true),
        @ArgumentHint(name = "retention", type = @DataTypeHint("STRING"), isOptional = true)
      },
      output = @DataTypeHint(BatchAccess.RESULT))
  public Row[] call(
      ProcedureContext context, @Nullable Boolean dryRun, @Nullable String retention) {
    if (Boolean.TRUE.equals(dryRun)) {
      return dryRun(duration(retention));
    }
    if (retention != null) {
      throw new IllegalArgumentException(
          "Argument retention: it is for dry_run => true. The job has its own,"
              + " nova.savepoint.retention. Nothing was done.");
    }
    access.mustBeAllowed(BatchProcedure.EXPIRE);
    return access.ask(
        BatchProcedure.EXPIRE, BatchRequest.expire(BatchAccess.user(), System.currentTimeMillis()));
  }

  private Row[] dryRun(Duration retention) {
    RemovalPlan plan =
        TableLifecycle.dryRun(
            access.table(),
            new Retention(retention, DEFAULT_MIN_AGE),
            NamedByState.NOTHING,
            Instant.now());
    return Stream.of(
            plan.snapshots().stream().map(id -> row("snapshot " + id)),
            plan.files().stream().map(file -> row("file " + file)),
            plan.orphans().stream().map(file -> row("orphan " + file)))
        .flatMap(rows -> rows)
        .toArray(Row[]::new);
  }

  private static Row row(String what) {
    return Row.of(null, "would_go", null, null, what);
  }

  private static Duration duration(@Nullable String text) {
    if (text == null) {
      return DEFAULT_RETENTION;
    }
    try {
      return TimeUtils.parseDuration(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "Argument retention: found '%s', expected a duration such as '7 d'. Nothing was done."
              .formatted(text));
    }
  }
}
