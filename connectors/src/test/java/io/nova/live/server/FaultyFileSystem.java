package io.nova.live.server;

import io.nova.iceberg.Storage;
import java.io.IOException;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/**
 * A local disk, {@code faulty://}, that fails as HDFS does. Like HDFS it does not rename a file
 * onto another.
 */
public final class FaultyFileSystem extends RawLocalFileSystem {
  private static volatile Fault fault = Fault.NONE;

  /** What goes wrong. */
  public enum Fault {
    NONE,
    DELETE_FAILS,
    RENAME_FAILS,
    RENAME_IS_REFUSED,
    ANSWER_OF_RENAME_IS_LOST
  }

  /** A configuration that knows this file system, which fails with {@code first}. */
  static Configuration configuration(Fault first) {
    Configuration hadoop = Storage.configuration();
    hadoop.setClass("fs.faulty.impl", FaultyFileSystem.class, FileSystem.class);
    next(first);
    return hadoop;
  }

  /** From now on this fails. */
  static void next(Fault next) {
    fault = next;
  }

  @Override
  public URI getUri() {
    return URI.create("faulty:///");
  }

  @Override
  public boolean rename(Path from, Path to) throws IOException {
    if (fault == Fault.RENAME_FAILS) {
      throw new IOException("The rename was not answered");
    }
    if (fault == Fault.RENAME_IS_REFUSED || exists(to)) {
      return false;
    }
    boolean done = super.rename(from, to);
    if (fault == Fault.ANSWER_OF_RENAME_IS_LOST) {
      throw new IOException("The answer was lost");
    }
    return done;
  }

  @Override
  public boolean delete(Path file, boolean recursive) throws IOException {
    if (fault == Fault.DELETE_FAILS) {
      throw new IOException("The deletion was not answered");
    }
    return super.delete(file, recursive);
  }
}
