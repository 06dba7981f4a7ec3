package io.nova.system;

import io.nova.iceberg.EventTable;
import io.nova.live.cut.Cut;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/** The rows of the system table {@code chunks}. */
public final class ChunkRows {
  private ChunkRows() {}

  /** The rows of a table's snapshot. Blocks while it reads manifests. */
  public static List<SystemRow> of(EventTable events) {
    return of(events.iceberg(), Cut.committed(events.iceberg()));
  }

  /** The rows of the snapshot of a cut. Blocks while it reads manifests. */
  public static List<SystemRow> of(Table table, Cut cut) {
    return cut
        .snapshotId()
        .map(id -> TableFileList.of(table, id, FileFormat.PARQUET))
        .orElse(List.of())
        .stream()
        .map(file -> row(table, file, cut))
        .toList();
  }

  private static SystemRow row(Table table, DataFile file, Cut cut) {
    Schema schema = table.schema();
    long batch = file.partition().get(0, Long.class);
    return SystemRow.of(
        file.location(),
        batch,
        file.recordCount(),
        file.fileSizeInBytes(),
        TableFileList.bound(file.lowerBounds(), schema, TableFileList.UPLOAD_TIME),
        TableFileList.bound(file.upperBounds(), schema, TableFileList.UPLOAD_TIME),
        TableFileList.bound(file.lowerBounds(), schema, "event_time"),
        TableFileList.bound(file.upperBounds(), schema, "event_time"),
        cut.snapshotId().orElseThrow(),
        batch <= cut.completed());
  }
}
