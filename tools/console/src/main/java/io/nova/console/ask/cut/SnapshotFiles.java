package io.nova.console.ask.cut;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The data files of a snapshot.
 *
 * @param files the files, without statistics of columns
 */
record SnapshotFiles(List<DataFile> files) {
  static final SnapshotFiles NONE = new SnapshotFiles(List.of());

  SnapshotFiles {
    files = List.copyOf(files);
  }

  /**
   * The files of a snapshot whose batches pass a filter. Blocks while it reads manifests.
   *
   * @throws IllegalStateException if a file has row-level deletes
   */
  static SnapshotFiles of(Table table, long snapshotId, Expression batches) {
    ArrayList<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks =
        table.newScan().useSnapshot(snapshotId).filter(batches).planFiles()) {
      for (FileScanTask task : tasks) {
        if (!task.deletes().isEmpty()) {
          throw new IllegalStateException(
              "File %s has row-level deletes, which Nova neither writes nor applies. It is not read, since the answer would count deleted rows. Rewrite the batch as a whole."
                  .formatted(task.file().location()));
        }
        files.add(task.file().copyWithoutStats());
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return new SnapshotFiles(files);
  }

  /** The files of one format. */
  List<DataFile> of(FileFormat format) {
    return files.stream().filter(file -> file.format() == format).toList();
  }

  /** The batch of a file. */
  static long batchOf(DataFile file) {
    return file.partition().get(0, Long.class);
  }
}
