package io.nova.iceberg.commit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.ManifestFile;
import org.apache.iceberg.ManifestFiles;
import org.apache.iceberg.ManifestReader;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;

/** The data files of a snapshot, read from its manifests: also of a snapshot of a transaction. */
final class BatchFiles {
  private static final int BATCH_NUMBER = 0;

  private BatchFiles() {}

  /** The batches that have files in a snapshot. */
  static SortedSet<Long> batches(Table table, Snapshot snapshot) {
    TreeSet<Long> batches = new TreeSet<>();
    read(table, snapshot, file -> batches.add(file.partition().get(BATCH_NUMBER, Long.class)));
    return batches;
  }

  /** The number of rows in a snapshot. */
  static long rows(Table table, Snapshot snapshot) {
    long[] rows = new long[1];
    read(table, snapshot, file -> rows[0] += file.recordCount());
    return rows[0];
  }

  private static void read(Table table, Snapshot snapshot, Consumer<DataFile> each) {
    for (ManifestFile manifest : snapshot.dataManifests(table.io())) {
      try (ManifestReader<DataFile> files =
          ManifestFiles.read(manifest, table.io(), table.specs())) {
        files.forEach(each);
      } catch (IOException e) {
        throw new UncheckedIOException("Manifest %s cannot be read".formatted(manifest.path()), e);
      }
    }
  }
}
