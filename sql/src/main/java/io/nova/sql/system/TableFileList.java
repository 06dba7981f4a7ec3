package io.nova.sql.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/** Lists the data files of a snapshot with their statistics. */
final class TableFileList {
  private TableFileList() {}

  /** The files of one format. Blocks while it reads manifests. */
  static List<DataFile> of(Table table, long snapshotId, FileFormat format) {
    ArrayList<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshotId).includeColumnStats().planFiles()) {
      for (FileScanTask task : tasks) {
        if (task.file().format() == format) {
          files.add(task.file().copy());
        }
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return files;
  }
}
