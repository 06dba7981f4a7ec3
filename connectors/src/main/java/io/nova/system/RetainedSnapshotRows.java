package io.nova.system;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.LinkSummary;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** The rows of the system table {@code snapshots}. Its first columns have Iceberg's names. */
public final class RetainedSnapshotRows {
  private RetainedSnapshotRows() {}

  /** The rows of a table, whose newest metadata is loaded. */
  public static List<SystemRow> of(EventTable events) {
    Table table = events.iceberg();
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .map(RetainedSnapshotRows::row)
        .toList();
  }

  private static SystemRow row(Snapshot snapshot) {
    return SystemRow.of(
        Instant.ofEpochMilli(snapshot.timestampMillis()),
        snapshot.snapshotId(),
        snapshot.parentId(),
        snapshot.operation(),
        LinkSummary.of(snapshot).map(LinkSummary::uuid).orElse(null),
        total(snapshot, SnapshotSummary.TOTAL_RECORDS_PROP),
        total(snapshot, SnapshotSummary.TOTAL_DATA_FILES_PROP),
        total(snapshot, SnapshotSummary.TOTAL_FILE_SIZE_PROP));
  }

  private static @Nullable Long total(Snapshot snapshot, String property) {
    String text = snapshot.summary().get(property);
    return text == null ? null : Long.valueOf(text);
  }
}
