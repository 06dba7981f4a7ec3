package io.nova.iceberg;

import io.nova.iceberg.localdisk.PosixLocalFileSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetInputFormat;

/**
 * The storage of warehouses: Hadoop's configuration from the class path, with Nova's file system
 * for local disks, and the check that a store can swap a table's metadata.
 */
public final class Storage {
  private static final String LOCAL = "file";
  private static final String VIEW = "viewfs";
  private static final Set<String> WITH_ATOMIC_RENAME = Set.of(LOCAL, "hdfs", VIEW);

  private Storage() {}

  /** Makes a configuration that the caller may change. */
  public static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.setClassLoader(Storage.class.getClassLoader());
    hadoop.setClass(
        "fs.file.impl", PosixLocalFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    // Hadoop may be on the cluster's class path; its cache would keep the job's classes alive.
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    // On disk, Hadoop's S3 client buffers uploads by its own file system only, and fails with ours.
    // Every open file takes a buffer of one part, and Flink gives its tasks little direct memory.
    hadoop.set("fs.s3a.fast.upload.buffer", "array");
    hadoop.set("fs.s3a.multipart.size", "8M");
    // Parquet writes checksums of its pages, but does not look at them by itself.
    hadoop.setBoolean(ParquetInputFormat.PAGE_VERIFY_CHECKSUM_ENABLED, true);
    return hadoop;
  }

  /**
   * Checks that a warehouse lies in a store whose rename is atomic. A path without a scheme lies in
   * Hadoop's default file system, and one of {@code viewfs} where its mount table says.
   *
   * @throws IllegalArgumentException if it does not
   * @throws UncheckedIOException if the mount of a path cannot be looked up
   */
  public static void mustHaveAtomicRename(String warehouse) {
    mustHaveAtomicRename(warehouse, configuration());
  }

  static void mustHaveAtomicRename(String warehouse, Configuration hadoop) {
    String store = store(warehouse, hadoop);
    if (!WITH_ATOMIC_RENAME.contains(store)) {
      throw new IllegalArgumentException(
          ("Warehouse %s: the store %s has no atomic rename. Two commits at once could both "
                  + "succeed, and one of them would be lost. Expected a folder on hdfs:// or "
                  + "file://, or a catalog of type jdbc or rest. Nothing was written.")
              .formatted(warehouse, store));
    }
  }

  /** Whether a warehouse lies on a local disk, where a rename replaces files. */
  static boolean isLocal(String warehouse) {
    return store(warehouse, configuration()).equals(LOCAL);
  }

  private static String store(String warehouse, Configuration hadoop) {
    Path path = new Path(warehouse);
    String given = path.toUri().getScheme();
    String scheme =
        (given == null ? FileSystem.getDefaultUri(hadoop).getScheme() : given)
            .toLowerCase(Locale.ROOT);
    return scheme.equals(VIEW) ? mounted(path, hadoop) : scheme;
  }

  /** The store that a path is mounted from. A missing folder is where its parent is. */
  private static String mounted(Path path, Configuration hadoop) {
    try {
      FileSystem view = path.getFileSystem(hadoop);
      Path existing = path;
      while (!view.exists(existing) && existing.getParent() != null) {
        existing = existing.getParent();
      }
      String scheme = view.resolvePath(existing).toUri().getScheme();
      // Commits to local disks take a lock, for which they need the disk's own path.
      return scheme.equals(LOCAL) ? "file by viewfs" : scheme;
    } catch (IOException e) {
      throw new UncheckedIOException("Warehouse " + path + ": its mount cannot be looked up", e);
    }
  }
}
