package io.nova.iceberg;

import io.nova.iceberg.localdisk.PosixLocalFileSystem;
import org.apache.hadoop.conf.Configuration;

/** How Nova reaches files: Hadoop's settings as the class path has them, and a quick local disk. */
public final class Storage {
  private Storage() {}

  /** New settings, the caller's own. */
  public static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.setClassLoader(Storage.class.getClassLoader());
    hadoop.setClass(
        "fs.file.impl", PosixLocalFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    // The cache outlives a job's classes where Hadoop lies on the cluster's class path.
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    return hadoop;
  }
}
