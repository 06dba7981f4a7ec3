package io.nova.sql.procedure;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.table.procedures.Procedure;

/** The procedures of the catalog. */
public enum BatchProcedure {
  CLOSE_BATCH(
      CloseBatch.class,
      "Closes a batch and all before it. force does not wait for slow partitions. leave_out names"
          + " partitions that this close does not wait for, such as '3,5'"),
  COMPLETE_BATCH(
      CompleteBatch.class,
      "Says that the batch layer has loaded the rows of a closed batch. Queries leave them out from"
          + " then on. rows and digest are its figures for the audit, both or none. force says that"
          + " the batch layer has not loaded it: queries miss its rows"),
  WITHDRAW_BATCH(
      WithdrawBatch.class, "Takes a completion back, until the batch's files are removed"),
  RETIRE_PARTITION(
      RetirePartition.class,
      "The job stops waiting for a partition of the events' topic, until its next record"),
  AUDIT_BATCH(
      AuditBatch.class,
      "Rows and digest of a closed batch by app and hour of upload time. In the last row, that of"
          + " the whole batch, app and hour are null"),
  LIST_BATCHES(ListBatches.class, "The batches that have a tag"),
  LATE_EVENTS(
      ListLateEvents.class,
      "Events of a batch that were rejected because they came too late, at most 100,000"),
  EXPIRE(
      ExpireNow.class,
      "Runs the hourly task of the table now. dry_run lists what it would remove with a retention,"
          + " 7 d by default, and changes nothing. It does not know the job's state, so it may list"
          + " files that stay");

  private final Class<? extends Procedure> type;
  private final String comment;

  BatchProcedure(Class<? extends Procedure> type, String comment) {
    this.type = type;
    this.comment = comment;
  }

  /** The procedure of a name; empty if there is none. */
  public static Optional<BatchProcedure> of(String title) {
    return Arrays.stream(values()).filter(one -> one.title().equals(title)).findFirst();
  }

  /** The name in SQL. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it does, without a full stop. */
  public String comment() {
    return comment;
  }

  /** The class that Flink calls. */
  public Class<? extends Procedure> type() {
    return type;
  }

  /** The procedure of one catalog. */
  public Procedure on(BatchAccess access) {
    return switch (this) {
      case CLOSE_BATCH -> new CloseBatch(access);
      case COMPLETE_BATCH -> new CompleteBatch(access);
      case WITHDRAW_BATCH -> new WithdrawBatch(access);
      case RETIRE_PARTITION -> new RetirePartition(access);
      case AUDIT_BATCH -> new AuditBatch(access);
      case LIST_BATCHES -> new ListBatches(access);
      case LATE_EVENTS -> new ListLateEvents(access);
      case EXPIRE -> new ExpireNow(access);
    };
  }
}
