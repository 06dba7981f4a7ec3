package io.nova.sql.procedure;

import io.nova.handoff.AuditFigures;
import io.nova.handoff.BatchRequest;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.flink.table.annotation.ArgumentHint;
import org.apache.flink.table.annotation.DataTypeHint;
import org.apache.flink.table.annotation.ProcedureHint;
import org.apache.flink.table.procedure.ProcedureContext;
import org.apache.flink.table.procedures.Procedure;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/** Says that the batch layer has loaded a closed batch. */
public final class CompleteBatch implements Procedure {
  private static final Pattern DIGEST = Pattern.compile("[0-9a-f]{32}");

  private final BatchAccess access;

  CompleteBatch(BatchAccess access) {
    this.access = access;
  }

  /** Called by Flink. */
  @ProcedureHint(
      arguments = {
        @ArgumentHint(name = "batch", type = @DataTypeHint("STRING")),
        @ArgumentHint(name = "link", type = @DataTypeHint("STRING")),
        @ArgumentHint(name = "rows", type = @DataTypeHint("BIGINT"), isOptional = true),
        @ArgumentHint(name = "digest", type = @DataTypeHint("STRING"), isOptional = true),
        @ArgumentHint(name = "force", type = @DataTypeHint("BOOLEAN"), isOptional = true)
      },
      output = @DataTypeHint(BatchAccess.RESULT))
  public Row[] call(
      ProcedureContext context,
      String batch,
      String link,
      @Nullable Long rows,
      @Nullable String digest,
      @Nullable Boolean force) {
    access.mustBeAllowed(BatchProcedure.COMPLETE_BATCH);
    AuditFigures audit = figures(rows, digest);
    return access.ask(
        BatchProcedure.COMPLETE_BATCH,
        Boolean.TRUE.equals(force)
            ? forced(access.batch(batch), link(link), audit)
            : BatchRequest.complete(
                access.batch(batch),
                link(link),
                audit,
                BatchAccess.user(),
                System.currentTimeMillis()));
  }

  private static BatchRequest forced(long batch, String link, @Nullable AuditFigures audit) {
    if (audit != null) {
      throw new IllegalArgumentException(
          "Argument force: found it with rows and digest, which a completion by force does not"
              + " compare. Nothing was done.");
    }
    return BatchRequest.forceComplete(batch, link, BatchAccess.user(), System.currentTimeMillis());
  }

  private static String link(String text) {
    try {
      return UUID.fromString(text).toString();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          ("Argument link: found '%s', expected the UUID of the link that closed the batch, as in"
                  + " list_batches. Nothing was done.")
              .formatted(text));
    }
  }

  private static @Nullable AuditFigures figures(@Nullable Long rows, @Nullable String digest) {
    if (rows == null && digest == null) {
      return null;
    }
    if (rows == null || digest == null || !DIGEST.matcher(digest).matches()) {
      throw new IllegalArgumentException(
          ("Arguments rows and digest: found %s and %s, expected both: a number, and 32 lower-case"
                  + " hexadecimal digits as in the last row of audit_batch. Nothing was done.")
              .formatted(rows, digest));
    }
    return new AuditFigures(rows, digest);
  }
}
