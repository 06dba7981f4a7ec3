package io.nova.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.jspecify.annotations.Nullable;

/** Lists the data files of a snapshot. */
final class TableFileList {
  static final String UPLOAD_TIME = "server_upload_time";

  private TableFileList() {}

  /** A file's bound of a time column; null if it is not known. */
  static @Nullable Instant bound(
      @Nullable Map<Integer, ByteBuffer> bounds, Schema schema, String column) {
    Types.NestedField field = schema.findField(column);
    ByteBuffer bytes = bounds == null ? null : bounds.get(field.fieldId());
    if (bytes == null) {
      return null;
    }
    Long micros = Conversions.fromByteBuffer(field.type(), bytes);
    return micros == null ? null : SystemRow.instant(micros);
  }

  /** The files of one format, with the statistics of columns. Blocks while it reads manifests. */
  static List<DataFile> of(Table table, long snapshotId, FileFormat format) {
    return list(table.newScan().useSnapshot(snapshotId).includeColumnStats()).stream()
        .filter(file -> file.format() == format)
        .toList();
  }

  /** All files, without the statistics of columns. Blocks while it reads manifests. */
  static List<DataFile> of(Table table, long snapshotId) {
    return list(table.newScan().useSnapshot(snapshotId));
  }

  private static List<DataFile> list(TableScan scan) {
    ArrayList<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
      for (FileScanTask task : tasks) {
        files.add(task.file().copy());
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return files;
  }
}
