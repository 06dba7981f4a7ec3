package io.nova.cli.ask;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.PrivateFile;
import io.nova.cli.process.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The file {@code console.json} of a working folder: where its console answers. Only its owner may
 * read it.
 *
 * @param version 1
 * @param pid the process of the console
 * @param address its address, without a slash at the end
 * @param token the token that every request must have
 */
public record ConsoleFile(int version, long pid, String address, String token) {
  /** The only version. */
  public static final int VERSION = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The path of the file. */
  public static Path in(WorkFolder folder) {
    return folder.dir().resolve("console.json");
  }

  /** Writes the file, or replaces it. */
  public void write(WorkFolder folder) {
    PrivateFile.write(in(folder), out -> JSON.writeValue(out, this));
  }

  /**
   * The file of a console that runs.
   *
   * @throws CommandException if no console runs in the folder; the message says how to start one
   */
  public static ConsoleFile running(WorkFolder folder) {
    Path file = in(folder);
    if (!Files.exists(file)) {
      throw notRunning(folder, "");
    }
    ConsoleFile found = read(file);
    if (found.version != VERSION) {
      throw new CommandException(
          "%s: found version %d, expected %d. Another version of Nova wrote it. Use its `nova`, or start this console again."
              .formatted(file, found.version, VERSION));
    }
    Optional<ProcessHandle> process = ProcessHandle.of(found.pid);
    if (process.isEmpty() || !process.get().isAlive()) {
      throw notRunning(folder, " The last one, process %d, has ended.".formatted(found.pid));
    }
    return found;
  }

  private static ConsoleFile read(Path file) {
    try {
      return JSON.readValue(file.toFile(), ConsoleFile.class);
    } catch (IOException e) {
      throw new CommandException(
          "%s cannot be read: %s. Start the console again with `nova console`."
              .formatted(file, e.getMessage()),
          e);
    }
  }

  private static CommandException notRunning(WorkFolder folder, String last) {
    return new CommandException(
        "No console runs in %s.%s Start it with `nova console`, or ask Flink SQL with `nova sql`."
            .formatted(folder.dir(), last));
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "console %d at %s".formatted(pid, address);
  }
}
