package io.nova.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;

/** The files of Nova's table, as Iceberg's own reader lists them. */
public final class TableFiles {
  private TableFiles() {}

  /**
   * The files of the current snapshot.
   *
   * @param warehouse address of the table's warehouse
   */
  public static List<DataFile> of(String warehouse) {
    Table table = new HadoopTables(new Configuration()).load(warehouse + "/nova/events");
    List<DataFile> files = new ArrayList<>();
    try (CloseableIterable<FileScanTask> tasks = table.newScan().planFiles()) {
      tasks.forEach(task -> files.add(task.file()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files;
  }
}
