package io.nova.cli.process;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The file {@code console.json} of a working folder, by which other processes find the console.
 * Only its owner may read it.
 *
 * @param version {@value #VERSION}
 * @param pid the console's process
 * @param address such as {@code http://127.0.0.1:8084}
 * @param token what a request must have in its header Authorization
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConsoleFile(int version, long pid, String address, String token) {
  /** The version that this class writes and reads. */
  public static final int VERSION = 1;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The system counts process starts in ticks since a boot time that it knows to the second. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  /** The file of the console with this process, address and token. */
  public static ConsoleFile of(String address, String token) {
    return new ConsoleFile(VERSION, ProcessHandle.current().pid(), address, token);
  }

  /** Where the file of a working folder is. */
  public static Path path(WorkFolder folder) {
    return folder.dir().resolve("console.json");
  }

  /**
   * The file of a working folder; empty if there is none.
   *
   * @throws CommandException when it cannot be read, or has another version
   */
  public static Optional<ConsoleFile> in(WorkFolder folder) {
    Path path = path(folder);
    try {
      ConsoleFile file = JSON.readValue(Files.readAllBytes(path), ConsoleFile.class);
      if (file.version() != VERSION) {
        throw new CommandException(
            "%s: found version %d, expected %d. Stop that console, then start this one."
                .formatted(path, file.version(), VERSION));
      }
      return Optional.of(file);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new CommandException(
          "%s cannot be read: %s. If no console runs in this folder, remove the file."
              .formatted(path, e),
          e);
    }
  }

  /**
   * The file of the console that runs for a working folder; empty if none runs.
   *
   * @throws CommandException when the file cannot be read
   */
  public static Optional<ConsoleFile> running(WorkFolder folder) {
    return in(folder).filter(file -> file.process(folder).isPresent());
  }

  /**
   * The console's process; empty when it has ended. The system may reuse the pid for a process that
   * starts after this file was written.
   */
  public Optional<ProcessHandle> process(WorkFolder folder) {
    return ProcessHandle.of(pid)
        .filter(ProcessHandle::isAlive)
        .filter(process -> startedBefore(process, path(folder)));
  }

  private static boolean startedBefore(ProcessHandle process, Path file) {
    try {
      Instant written = Files.getLastModifiedTime(file).toInstant();
      return process
          .info()
          .startInstant()
          .filter(start -> start.isBefore(written.plus(TOLERANCE)))
          .isPresent();
    } catch (IOException gone) {
      return false;
    }
  }

  /** The address with the token, for a browser. */
  public String pageAddress() {
    return "%s/#token=%s".formatted(address, token);
  }

  /**
   * Writes the file, or replaces it.
   *
   * @throws CommandException when it cannot be written
   */
  public void write(WorkFolder folder) {
    PrivateFile.write(path(folder), out -> JSON.writeValue(out, this));
  }

  /** Removes the file, if it is still that of this console. */
  public void remove(WorkFolder folder) {
    try {
      if (in(folder).filter(this::equals).isPresent()) {
        Files.deleteIfExists(path(folder));
      }
    } catch (IOException e) {
      throw new CommandException("%s cannot be removed: %s".formatted(path(folder), e), e);
    }
  }

  /** Without the token, which is no text for logs. */
  @Override
  public String toString() {
    return "console %s (pid %d)".formatted(address, pid);
  }
}
