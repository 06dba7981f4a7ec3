package io.nova.iceberg.localdisk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.LockManager;
import org.jspecify.annotations.Nullable;

/**
 * A lock manager for tables on local disks. One process at a time may publish the next version of a
 * table: it holds the operating system's lock on a file in the metadata folder. The lock ends with
 * its process, so a killed writer leaves none.
 *
 * <p>Iceberg creates it by name. Thread safe.
 */
public final class FileLockManager implements LockManager {
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final String LOCK_FILE = "nova-commit.lock";

  /**
   * Prefix of the system properties that name the folders whose lock this process holds or tries to
   * take. On Linux a process loses its lock on a file when it closes any channel to that file. So
   * no second channel may be open, from any class loader.
   */
  private static final String IN_PROCESS = "nova.commit-lock.";

  private final Map<String, Lock> locks = new ConcurrentHashMap<>();
  private final Duration timeout;

  /** A lock that this process holds. */
  private record Lock(FileChannel channel, String key) {}

  /** Called by Iceberg. */
  public FileLockManager() {
    this(TIMEOUT);
  }

  FileLockManager(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public void initialize(Map<String, String> properties) {
    // There is nothing to configure.
  }

  /**
   * Waits up to 30 s for the lock.
   *
   * @param entityId the metadata file that the commit will create
   * @return true
   * @throws IllegalStateException if another process or task held the lock all the time. Without
   *     the lock no commit was tried, so the caller knows that the table is not changed
   */
  @Override
  public boolean acquire(String entityId, String ownerId) {
    Path folder = folder(entityId);
    long deadline = System.nanoTime() + timeout.toNanos();
    while (System.nanoTime() - deadline < 0) {
      if (tryLock(entityId, folder)) {
        return true;
      }
      pause();
    }
    throw new IllegalStateException(
        ("Table lock %s: another process has held it for %d s. `lslocks` names the process. "
                + "Nothing was changed. The job fails and starts over.")
            .formatted(folder.resolve(LOCK_FILE), timeout.toSeconds()));
  }

  /** Parsed by Hadoop: its paths are no URIs, a blank is not escaped. */
  private static Path folder(String metadataFile) {
    return Path.of(new org.apache.hadoop.fs.Path(metadataFile).toUri().getPath())
        .toAbsolutePath()
        .resolveSibling("");
  }

  private boolean tryLock(String entityId, Path folder) {
    String key = IN_PROCESS + folder;
    if (System.getProperties().putIfAbsent(key, entityId) != null) {
      return false;
    }
    FileChannel channel = null;
    try {
      channel = open(folder);
      if (channel.tryLock() != null) {
        locks.put(entityId, new Lock(channel, key));
        return true;
      }
    } catch (IOException e) {
      giveUp(channel, key);
      throw new UncheckedIOException(
          "Table lock %s: it cannot be taken (%s). Nothing was changed. The job fails and starts over."
              .formatted(folder.resolve(LOCK_FILE), e),
          e);
    }
    giveUp(channel, key);
    return false;
  }

  private static FileChannel open(Path folder) throws IOException {
    return FileChannel.open(
        folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  private static void giveUp(@Nullable FileChannel channel, String key) {
    try {
      if (channel != null) {
        channel.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      System.getProperties().remove(key);
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(
          "Interrupted while waiting for the lock of a table's commits", e);
    }
  }

  @Override
  public boolean release(String entityId, String ownerId) {
    Lock lock = locks.remove(entityId);
    if (lock == null) {
      return false;
    }
    giveUp(lock.channel(), lock.key());
    return true;
  }

  @Override
  public void close() {
    List.copyOf(locks.keySet()).forEach(entityId -> release(entityId, ""));
  }
}
