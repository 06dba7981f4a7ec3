package io.nova.iceberg;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * A file system for tests under {@code hdfs://unreliable}. Like HDFS it never replaces a file by a
 * rename. It loses the answer to the next publication of a table's version.
 *
 * <p>Its files are on the local disk. Hadoop creates it by name. One test at a time.
 */
public final class UnreliableStore extends RawLocalFileSystem {
  private static final URI ROOT = URI.create("hdfs://unreliable");
  private static Fault fault = Fault.NONE;
  private static boolean silent;
  private static boolean full;
  private static Late late = () -> false;
  private static Runnable beforeSnapshot = () -> {};

  /** What happens to the next publication of a version. */
  public enum Fault {
    NONE,
    /** The rename happens, and the answer is an error. */
    RENAMED_THEN_ERROR,
    /** The rename happens, and the answer is false. */
    RENAMED_THEN_FALSE,
    /** The rename happens, and then nothing is answered until {@link #recover()}. */
    RENAMED_THEN_SILENCE,
    /** The answer is an error, and the rename happens at {@link #deliver()}. */
    ERROR_THEN_RENAMED,
    /** As {@link #ERROR_THEN_RENAMED}, with an error that is no IOException. */
    CRASH_THEN_RENAMED,
    /** The rename happens, and the answer is an error that is no IOException. */
    RENAMED_THEN_CRASH,
    /** The answer is an error, and the rename never happens. */
    ERROR,
    /** The late rename of {@link #ERROR_THEN_RENAMED} happens first. */
    OVERTAKEN
  }

  private interface Late {
    boolean rename() throws IOException;
  }

  /** Called by Hadoop. */
  public UnreliableStore() {}

  /** Makes a folder of the local disk known to Hadoop's configurations, without faults. */
  public static String uri(Path folder) {
    Configuration.addDefaultResource("unreliable-site.xml");
    fault = Fault.NONE;
    silent = false;
    full = false;
    late = () -> false;
    beforeSnapshot = () -> {};
    return ROOT + folder.toString();
  }

  /** Sets the fault of the next publication. */
  public static void next(Fault one) {
    fault = one;
  }

  /** Sets what happens before the next snapshot is written, once. */
  public static void beforeNextSnapshot(Runnable act) {
    beforeSnapshot = act;
  }

  /** Whether the fault has not happened yet. */
  public static boolean isWaiting() {
    return fault != Fault.NONE;
  }

  /** Answers again. */
  public static void recover() {
    silent = false;
  }

  /** From now on no file takes a second piece. */
  public static void fill() {
    full = true;
  }

  /** Carries out a rename whose answer was an error, if its name is still free. */
  public static boolean deliver() throws IOException {
    return late.rename();
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  @Override
  public boolean rename(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    mustAnswer();
    if (!to.getName().matches("v\\d+(\\.gz)?\\.metadata\\.json")) {
      return move(from, to);
    }
    Fault now = fault;
    fault = Fault.NONE;
    switch (now) {
      case RENAMED_THEN_ERROR -> {
        move(from, to);
        throw new IOException("connection reset");
      }
      case RENAMED_THEN_FALSE -> {
        move(from, to);
        return false;
      }
      case RENAMED_THEN_SILENCE -> {
        move(from, to);
        silent = true;
        throw new IOException("connection reset");
      }
      case ERROR_THEN_RENAMED -> {
        delay(from, to);
        throw new IOException("timed out");
      }
      case CRASH_THEN_RENAMED -> {
        delay(from, to);
        throw new IllegalStateException("the client was closed");
      }
      case RENAMED_THEN_CRASH -> {
        move(from, to);
        throw new IllegalStateException("the client was closed");
      }
      case ERROR -> throw new IOException("connection refused");
      case OVERTAKEN -> {
        deliver();
        return move(from, to);
      }
      default -> {
        return move(from, to);
      }
    }
  }

  /** The client deletes its file in vain: the server has read the request already. */
  private void delay(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    org.apache.hadoop.fs.Path kept = from.suffix(".late");
    move(from, kept);
    late = () -> move(kept, to);
  }

  private boolean move(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to)
      throws IOException {
    return !pathToFile(to).exists() && super.rename(from, to);
  }

  @Override
  public void setPermission(org.apache.hadoop.fs.Path path, FsPermission permission) {
    // Hadoop's forks a process for each file.
  }

  @Override
  public FSDataOutputStream create(
      org.apache.hadoop.fs.Path path,
      boolean overwrite,
      int bufferBytes,
      short replication,
      long blockBytes,
      Progressable progress)
      throws IOException {
    if (path.getName().startsWith("snap-")) {
      Runnable act = beforeSnapshot;
      beforeSnapshot = () -> {};
      act.run();
    }
    FSDataOutputStream out =
        super.create(path, overwrite, bufferBytes, replication, blockBytes, progress);
    return full ? new FSDataOutputStream(new FullDisk(out), null) : out;
  }

  private static final class FullDisk extends FilterOutputStream {
    private int pieces;

    FullDisk(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (pieces++ > 0) {
        throw new IOException("No space left on device");
      }
      out.write(bytes, offset, length);
    }
  }

  @Override
  public FileStatus getFileStatus(org.apache.hadoop.fs.Path path) throws IOException {
    mustAnswer();
    return super.getFileStatus(path);
  }

  @Override
  public FSDataInputStream open(org.apache.hadoop.fs.Path path, int bufferBytes)
      throws IOException {
    mustAnswer();
    return super.open(path, bufferBytes);
  }

  private static void mustAnswer() throws IOException {
    if (silent) {
      throw new IOException("no route to host");
    }
  }
}
