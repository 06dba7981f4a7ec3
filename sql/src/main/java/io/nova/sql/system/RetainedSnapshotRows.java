package io.nova.sql.system;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.sql.source.Warehouse;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/** The rows of the system table {@code snapshots}. Its first columns have Iceberg's names. */
final class RetainedSnapshotRows {
  private RetainedSnapshotRows() {}

  static List<RowData> of(Warehouse warehouse) {
    return warehouse
        .find()
        .map(EventTable::iceberg)
        .map(RetainedSnapshotRows::of)
        .orElse(List.of());
  }

  private static List<RowData> of(Table table) {
    return StreamSupport.stream(table.snapshots().spliterator(), false)
        .map(RetainedSnapshotRows::row)
        .toList();
  }

  private static RowData row(Snapshot snapshot) {
    return GenericRowData.of(
        TimestampData.fromEpochMillis(snapshot.timestampMillis()),
        snapshot.snapshotId(),
        snapshot.parentId(),
        StringData.fromString(snapshot.operation()),
        StringData.fromString(LinkSummary.of(snapshot).map(LinkSummary::uuid).orElse(null)),
        total(snapshot, SnapshotSummary.TOTAL_RECORDS_PROP),
        total(snapshot, SnapshotSummary.TOTAL_DATA_FILES_PROP),
        total(snapshot, SnapshotSummary.TOTAL_FILE_SIZE_PROP));
  }

  private static @Nullable Long total(Snapshot snapshot, String property) {
    String text = snapshot.summary().get(property);
    return text == null ? null : Long.valueOf(text);
  }
}
