package io.nova.sql.system;

import static io.nova.sql.system.FlinkValues.bound;
import static io.nova.sql.system.FlinkValues.text;

import io.nova.iceberg.EventTable;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.Warehouse;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** The rows of the system table {@code chunks}. */
final class ChunkRows {
  private ChunkRows() {}

  static List<RowData> of(Warehouse warehouse) {
    return warehouse.find().map(EventTable::iceberg).map(ChunkRows::of).orElse(List.of());
  }

  private static List<RowData> of(Table table) {
    Snapshot current = table.currentSnapshot();
    if (current == null) {
      return List.of();
    }
    return TableFileList.of(table, current.snapshotId(), FileFormat.PARQUET).stream()
        .map(file -> row(table, file, current.snapshotId()))
        .toList();
  }

  private static RowData row(Table table, DataFile file, long snapshotId) {
    Schema schema = table.schema();
    return GenericRowData.of(
        text(file.location()),
        file.partition().get(0, Long.class),
        file.recordCount(),
        file.fileSizeInBytes(),
        bound(file.lowerBounds(), schema, EventScan.SERVER_UPLOAD_TIME),
        bound(file.upperBounds(), schema, EventScan.SERVER_UPLOAD_TIME),
        bound(file.lowerBounds(), schema, "event_time"),
        bound(file.upperBounds(), schema, "event_time"),
        snapshotId);
  }
}
