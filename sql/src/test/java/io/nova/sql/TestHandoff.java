package io.nova.sql;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.commit.HandoffProperties;
import org.apache.iceberg.DeleteFiles;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expressions;

/** Changes the handoff of a table as the job does, but without its checks. */
public final class TestHandoff {
  private TestHandoff() {}

  /** Sets the last completed batch. A smaller one than before is a withdraw. */
  public static void complete(Table table, long batch) {
    set(table, completed(batch));
  }

  /** The table property of a table whose last completed batch is this one. */
  public static String completed(long batch) {
    return "{\"version\":1,\"completed\":%s,\"deleted\":%s,\"position\":-1,\"batches\":[]}"
        .formatted(batch, BatchNumbers.NONE);
  }

  /** Sets the table property. */
  public static void set(Table table, String property) {
    table.updateProperties().set(HandoffProperties.PROPERTY, property).commit();
  }

  /** Removes the files of a batch. The new snapshot is the same link of the chain. */
  public static void remove(Table table, long batch) {
    DeleteFiles removal =
        table.newDelete().deleteFromRowFilter(Expressions.equal("batch_number", batch));
    table
        .currentSnapshot()
        .summary()
        .forEach(
            (key, value) -> {
              if (key.startsWith("nova.")) {
                removal.set(key, value);
              }
            });
    removal.commit();
  }
}
