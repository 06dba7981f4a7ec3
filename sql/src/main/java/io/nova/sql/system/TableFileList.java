package io.nova.sql.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;

/** Lists the data files of a snapshot. */
final class TableFileList {
  private TableFileList() {}

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
