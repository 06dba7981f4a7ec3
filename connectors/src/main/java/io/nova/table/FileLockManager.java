package io.nova.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.iceberg.LockManager;

/**
 * Lets one process at a time put a table's next version in place, by the operating system's lock on
 * a file beside it. The lock goes with its process, so a killed writer leaves none behind.
 *
 * <p>For local disks; Iceberg creates it by name.
 */
public final class FileLockManager implements LockManager {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final String LOCK_FILE = "nova-commit.lock";

  private final Map<String, FileChannel> held = new ConcurrentHashMap<>();

  /** Called by Iceberg. */
  public FileLockManager() {}

  @Override
  public void initialize(Map<String, String> properties) {
    // nothing to set
  }

  /**
   * Waits for the lock.
   *
   * @param entityId the metadata file that is about to appear
   * @return false where another held it for too long
   */
  @Override
  public boolean acquire(String entityId, String ownerId) {
    Path folder = Path.of(URI.create(entityId).getPath()).toAbsolutePath().resolveSibling("");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      if (tryLock(entityId, folder)) {
        return true;
      }
      pause();
    }
    return false;
  }

  @SuppressWarnings("resource") // release() closes it, and with it the lock
  private boolean tryLock(String entityId, Path folder) {
    try {
      FileChannel channel =
          FileChannel.open(
              folder.resolve(LOCK_FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      if (lock(channel)) {
        held.put(entityId, channel);
        return true;
      }
      channel.close();
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException("No lock could be taken in " + folder, e);
    }
  }

  private static boolean lock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock() != null;
    } catch (OverlappingFileLockException heldInThisProcess) {
      return false;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while waiting for a table's lock", e);
    }
  }

  @Override
  public boolean release(String entityId, String ownerId) {
    FileChannel channel = held.remove(entityId);
    if (channel == null) {
      return false;
    }
    close(channel);
    return true;
  }

  @Override
  public void close() {
    held.values().forEach(FileLockManager::close);
    held.clear();
  }

  private static void close(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
