package io.nova.iceberg;

import io.nova.iceberg.localdisk.PosixLocalFileSystem;
import org.apache.hadoop.conf.Configuration;

/** Hadoop's configuration from the class path, with Nova's file system for local disks. */
public final class Storage {
  private Storage() {}

  /** Makes a configuration that the caller may change. */
  public static Configuration configuration() {
    Configuration hadoop = new Configuration();
    hadoop.setClassLoader(Storage.class.getClassLoader());
    hadoop.setClass(
        "fs.file.impl", PosixLocalFileSystem.class, org.apache.hadoop.fs.FileSystem.class);
    // Hadoop may be on the cluster's class path; its cache would keep the job's classes alive.
    hadoop.setBoolean("fs.file.impl.disable.cache", true);
    return hadoop;
  }
}
