package io.nova.cli.cluster;

import io.nova.cli.FolderOption;

/** Where things are, as the user says or as the working folder's run file does. */
public final class ClusterAddresses {
  private ClusterAddresses() {}

  /** The broker that was named, else the one that runs in the folder. */
  public static String broker(String named, FolderOption folder) {
    if (!named.isEmpty()) {
      return named;
    }
    return "127.0.0.1:" + RunFile.running(folder.folder()).ports().kafka();
  }

  /** The warehouse that was named, else the one of the folder's last run. */
  public static String warehouse(String named, FolderOption folder) {
    if (!named.isEmpty()) {
      return named;
    }
    WorkFolder work = folder.folder();
    return RunFile.in(work).map(RunFile::warehouse).orElseGet(() -> work.warehouse().toString());
  }
}
