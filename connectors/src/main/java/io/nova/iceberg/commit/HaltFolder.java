package io.nova.iceberg.commit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Halts at the points that files in a folder name. The first thread that reaches such a point
 * renames the file {@code TAG} to {@code TAG.7}, where 7 is the id of its process. It waits until
 * that file is gone. Interrupts do not end the wait.
 *
 * @param folder the folder, on this machine
 */
record HaltFolder(Path folder) implements Consumer<HaltPoint> {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

  /** The folder that the system property names; nothing halts without it. */
  static Consumer<HaltPoint> ofProperty() {
    String folder = System.getProperty(HaltPoint.FOLDER);
    return folder == null ? point -> {} : new HaltFolder(Path.of(folder));
  }

  @Override
  public void accept(HaltPoint point) {
    Path reached = folder.resolve("%s.%d".formatted(point, ProcessHandle.current().pid()));
    try {
      Files.move(folder.resolve(point.name()), reached);
    } catch (NoSuchFileException notAsked) {
      return;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    while (Files.exists(reached)) {
      boolean unused = Thread.interrupted();
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }
}
