package io.nova.cli.cluster;

import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotChanges;
import org.apache.iceberg.Table;
import org.apache.iceberg.exceptions.NoSuchTableException;
import org.apache.iceberg.hadoop.HadoopTables;
import org.apache.iceberg.io.CloseableIterable;

/**
 * The table's files, counted from its snapshots.
 *
 * @param blockFilesWritten block files that were ever committed, merged ones included
 * @param blockFiles block files in the current snapshot
 * @param chunks chunks in the current snapshot
 */
public record TableFileCount(long blockFilesWritten, long blockFiles, long chunks) {
  /** Counts the files of a warehouse's table; a table that does not exist has none. */
  public static TableFileCount of(String warehouse) {
    try {
      Table table = new HadoopTables(new Configuration()).load(warehouse + "/nova/events");
      return new TableFileCount(
          written(table), current(table, FileFormat.AVRO), current(table, FileFormat.PARQUET));
    } catch (NoSuchTableException e) {
      return new TableFileCount(0, 0, 0);
    }
  }

  private static long written(Table table) {
    long count = 0;
    for (Snapshot snapshot : table.snapshots()) {
      Iterable<DataFile> added =
          SnapshotChanges.builderFor(table).snapshot(snapshot).build().addedDataFiles();
      for (DataFile file : added) {
        count += file.format() == FileFormat.AVRO ? 1 : 0;
      }
    }
    return count;
  }

  private static long current(Table table, FileFormat format) {
    long count = 0;
    try (CloseableIterable<FileScanTask> files = table.newScan().planFiles()) {
      for (FileScanTask file : files) {
        count += file.file().format() == format ? 1 : 0;
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return count;
  }
}
