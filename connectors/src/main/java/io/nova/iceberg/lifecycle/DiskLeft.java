package io.nova.iceberg.lifecycle;

import io.nova.iceberg.Storage;
import io.nova.iceberg.commit.BatchTags;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import java.io.IOException;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FsStatus;
import org.apache.hadoop.fs.Path;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;

/**
 * How long the disk of a table lasts if nothing leaves it: the free bytes over the bytes of the
 * last closed batch that has events. Block files, snapshots and other users of the disk are not
 * counted.
 */
public final class DiskLeft {
  private static final long MILLIS_A_DAY = Duration.ofDays(1).toMillis();

  private DiskLeft() {}

  /**
   * The whole days that are left; empty before the first close, and where the store does not say
   * how much is free.
   */
  public static OptionalLong days(Table table, Duration batchLength) {
    long bytes = bytesOfLastClosed(table);
    if (bytes <= 0) {
      return OptionalLong.empty();
    }
    Path folder = new Path(table.location());
    try {
      FileSystem store = folder.getFileSystem(Storage.configuration());
      FsStatus space = store.getStatus(folder);
      return space.getCapacity() == Long.MAX_VALUE
          ? OptionalLong.empty()
          : OptionalLong.of(
              days(space.getRemaining(), bytes * store.getDefaultReplication(folder), batchLength));
    } catch (IOException unknown) {
      return OptionalLong.empty();
    }
  }

  /** The whole days for which {@code free} bytes last if each batch takes {@code bytes}. */
  static long days(long free, long bytes, Duration batchLength) {
    double batches = (double) free / bytes;
    return (long) (batches * batchLength.toMillis() / MILLIS_A_DAY);
  }

  private static long bytesOfLastClosed(Table table) {
    return HandoffProperties.of(table.properties()).batches().stream()
        .filter(one -> one.rows() > 0)
        .max(Comparator.comparingLong(Batch::batch))
        .flatMap(one -> Optional.ofNullable(table.snapshot(BatchTags.name(one.batch()))))
        .map(Snapshot::summary)
        .map(summary -> summary.get(SnapshotSummary.TOTAL_FILE_SIZE_PROP))
        .map(Long::valueOf)
        .orElse(0L);
  }
}
