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
 * Lets one process at a time put a table's next version in place, by the operating system's lock on
 * a file beside it. The lock goes with its process, so a killed writer leaves none behind.
 *
 * <p>For local disks; Iceberg creates it by name.
 */
public final class FileLockManager implements LockManager {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final String LOCK_FILE = "nova-commit.lock";

  /**
   * Names, among the system properties, the folders whose lock this process holds or tries to take.
   * On Linux a process loses its lock on a file as soon as it closes any of its channels to it, so
   * no second one may be opened meanwhile, by whatever class loader.
   */
  private static final String IN_PROCESS = "nova.commit-lock.";

  private final Map<String, Held> held = new ConcurrentHashMap<>();

  private record Held(FileChannel channel, String key) {}

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
    Path folder = folder(entityId);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() - deadline < 0) {
      if (tryLock(entityId, folder)) {
        return true;
      }
      pause();
    }
    return false;
  }

  /** Hadoop's paths are no URIs: a blank stands as it is. */
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
        held.put(entityId, new Held(channel, key));
        return true;
      }
    } catch (IOException e) {
      giveUp(channel, key);
      throw new UncheckedIOException("No lock could be taken in " + folder, e);
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
      throw new IllegalStateException("Interrupted while waiting for a table's lock", e);
    }
  }

  @Override
  public boolean release(String entityId, String ownerId) {
    Held lock = held.remove(entityId);
    if (lock == null) {
      return false;
    }
    giveUp(lock.channel(), lock.key());
    return true;
  }

  @Override
  public void close() {
    List.copyOf(held.keySet()).forEach(entityId -> release(entityId, ""));
  }
}
