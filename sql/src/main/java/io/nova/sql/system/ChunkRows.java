package io.nova.sql.system;

import static io.nova.sql.system.FlinkValues.bound;
import static io.nova.sql.system.FlinkValues.text;

import io.nova.iceberg.EventTable;
import io.nova.live.cut.Cut;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.Warehouse;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;

/** The rows of the system table {@code chunks}. */
final class ChunkRows {
  private ChunkRows() {}

  static List<RowData> of(Warehouse warehouse) {
    return warehouse.find().map(EventTable::iceberg).map(ChunkRows::of).orElse(List.of());
  }

  private static List<RowData> of(Table table) {
    Cut cut = Cut.committed(table);
    return cut
        .snapshotId()
        .map(id -> TableFileList.of(table, id, FileFormat.PARQUET))
        .orElse(List.of())
        .stream()
        .map(file -> row(table, file, cut))
        .toList();
  }

  private static RowData row(Table table, DataFile file, Cut cut) {
    Schema schema = table.schema();
    long batch = file.partition().get(0, Long.class);
    return GenericRowData.of(
        text(file.location()),
        batch,
        file.recordCount(),
        file.fileSizeInBytes(),
        bound(file.lowerBounds(), schema, EventScan.SERVER_UPLOAD_TIME),
        bound(file.upperBounds(), schema, EventScan.SERVER_UPLOAD_TIME),
        bound(file.lowerBounds(), schema, "event_time"),
        bound(file.upperBounds(), schema, "event_time"),
        cut.snapshotId().orElseThrow(),
        batch <= cut.completed());
  }
}
