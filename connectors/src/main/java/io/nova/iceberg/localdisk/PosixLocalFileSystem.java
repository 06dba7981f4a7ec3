package io.nova.iceberg.localdisk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;

/**
 * Hadoop's local file system without two costs. Hadoop's own forks a {@code chmod} for each new
 * file, which takes 10 to 50 ms, and writes a checksum file next to it. Nova's files contain their
 * own checksums.
 *
 * <p>Hadoop creates it by name.
 */
public final class PosixLocalFileSystem extends RawLocalFileSystem {
  /** Called by Hadoop. */
  public PosixLocalFileSystem() {}

  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    Files.setPosixFilePermissions(
        pathToFile(path).toPath(), PosixFilePermissions.fromString(text(permission)));
  }

  private static String text(FsPermission permission) {
    return symbol(permission.getUserAction())
        + symbol(permission.getGroupAction())
        + symbol(permission.getOtherAction());
  }

  private static String symbol(FsAction action) {
    return action.SYMBOL;
  }
}
