package io.nova.cli.cluster;

import io.nova.cli.process.Await;
import io.nova.cli.process.WorkFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;

/**
 * The request of {@code nova stop} to the launcher in another shell, as a file in the working
 * folder. During the savepoint the launcher sends nothing and leaves the processes alone. Then it
 * ends them.
 */
public enum StopRequest {
  /** The job is about to be stopped with a savepoint. */
  SAVING,
  /** The processes may end. */
  END;

  private static final Duration LONGEST_SAVEPOINT = Duration.ofMinutes(15);

  /** Thrown in the launcher once it is asked to stop. */
  public static final class Asked extends RuntimeException {
    private static final long serialVersionUID = 1;

    public Asked() {
      super("`nova stop` ended the run.");
    }
  }

  /** Leaves the request in the folder. */
  public void write(WorkFolder folder) {
    Path temporary = folder.dir().resolve("stop.new");
    try {
      Files.writeString(temporary, name());
      Files.move(
          temporary,
          folder.stopFile(),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the launcher of the folder is asked to stop. */
  public static boolean in(WorkFolder folder) {
    return Files.exists(folder.stopFile());
  }

  /** Waits until the savepoint was made or has failed. */
  public static void awaitEnd(WorkFolder folder) {
    Await.until(
        "The savepoint of `nova stop` is made", LONGEST_SAVEPOINT, () -> {}, () -> ends(folder));
  }

  private static boolean ends(WorkFolder folder) {
    try {
      return Files.readString(folder.stopFile()).equals(END.name());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
