package io.nova.iceberg.localdisk;

import java.io.File;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FsStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsAction;
import org.apache.hadoop.fs.permission.FsPermission;
import org.jspecify.annotations.Nullable;

/**
 * Hadoop's local file system without two costs. Hadoop's own forks a {@code chmod} for each new
 * file, which takes 10 to 50 ms, and writes a checksum file next to it. Nova's files contain their
 * own checksums. A write that fails, for instance on a full disk, names its file.
 *
 * <p>Hadoop creates it by name.
 */
public final class PosixLocalFileSystem extends RawLocalFileSystem {
  /** Called by Hadoop. */
  public PosixLocalFileSystem() {}

  /** Iceberg's source for Flink asks for it. Hadoop's raw file system has none. */
  @Override
  public String getScheme() {
    return "file";
  }

  @Override
  public void setPermission(Path path, FsPermission permission) throws IOException {
    Files.setPosixFilePermissions(
        pathToFile(path).toPath(), PosixFilePermissions.fromString(text(permission)));
  }

  /** Hadoop's own counts blocks as free that the system keeps for its administrator. */
  @Override
  public FsStatus getStatus(@Nullable Path path) {
    File disk = pathToFile(path == null ? new Path("/") : path);
    long usable = disk.getUsableSpace();
    return new FsStatus(disk.getTotalSpace(), disk.getTotalSpace() - usable, usable);
  }

  @Override
  protected OutputStream createOutputStreamWithMode(
      Path path, boolean append, @Nullable FsPermission permission) throws IOException {
    return new NamedOutput(path, super.createOutputStreamWithMode(path, append, permission));
  }

  /** Hadoop throws an error without the name of the file. */
  private static final class NamedOutput extends FilterOutputStream {
    private final Path path;

    NamedOutput(Path path, OutputStream out) {
      super(out);
      this.path = path;
    }

    @Override
    public void write(int one) throws IOException {
      write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      try {
        out.write(bytes, offset, length);
      } catch (FSError e) {
        Throwable reason = e.getCause() == null ? e : e.getCause();
        throw new IOException(
            "%s cannot be written: %s".formatted(path, reason.getMessage()), reason);
      }
    }
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
