package io.nova.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one local cluster. Its processes write nowhere else.
 *
 * @param dir an absolute path
 */
public record WorkFolder(Path dir) {
  private static final String LAUNCHER_LOG = "launcher.log";
  private static final List<String> PARTS =
      List.of(
          "kafka",
          "checkpoints",
          "savepoints",
          "warehouse",
          "logs",
          "tmp",
          "conf",
          "catalogs",
          "plugins",
          "zookeeper",
          "ha");

  private static final List<String> OF_ONE_RUN = List.of("zookeeper", "ha");

  /** Letters that part a list, or begin something else, in a setting of Flink or of its log. */
  private static final String NOT_IN_NAMES = ",;:|\\\"{}%";

  /**
   * Makes the path absolute.
   *
   * @throws CommandException when its name has a letter that Flink's settings cannot express
   */
  public WorkFolder {
    dir = dir.toAbsolutePath().normalize();
    String name = dir.toString();
    name.chars()
        .filter(letter -> letter < ' ' || NOT_IN_NAMES.indexOf(letter) >= 0)
        .findFirst()
        .ifPresent(
            letter -> {
              throw new CommandException(
                  "Working folder %s: found '%c' (U+%04X) in its name, which Flink's settings cannot express. Nothing was done. Choose another folder with --dir."
                      .formatted(name, letter, letter));
            });
  }

  /** The log and the console output of each process. */
  public Path logs() {
    return dir.resolve("logs");
  }

  /** The configuration of Flink and the broker. */
  public Path conf() {
    return dir.resolve("conf");
  }

  /** The temporary folder of the processes. */
  public Path tmp() {
    return dir.resolve("tmp");
  }

  /** The Iceberg warehouse. */
  public Path warehouse() {
    return dir.resolve("warehouse");
  }

  /** Savepoints, such as those of {@code nova stop}. */
  public Path savepoints() {
    return dir.resolve("savepoints");
  }

  /** The file that says what runs here. */
  public Path runFile() {
    return dir.resolve("run.json");
  }

  /** The file that the launcher locks. */
  public Path lockFile() {
    return dir.resolve("lock");
  }

  /** The folder as a URI without a trailing slash. */
  public String uri() {
    return "file://" + dir;
  }

  /** The file by which {@code nova stop} asks the launcher to end. */
  public Path stopFile() {
    return dir.resolve("stop");
  }

  /**
   * Creates the folder for its owner only, if it does not exist: its checkpoints have the job with
   * its passwords. A folder with nothing but logs was made by a command that failed before, so it
   * becomes private as well. Other folders keep their permissions.
   */
  public void create() throws IOException {
    if (!Files.exists(dir) || hasOnlyLogs()) {
      Files.createDirectories(dir);
      Files.setPosixFilePermissions(dir, PosixFilePermissions.fromString("rwx------"));
    }
  }

  private boolean hasOnlyLogs() throws IOException {
    try (Stream<Path> files = Files.list(dir)) {
      return files.toList().equals(List.of(logs()));
    }
  }

  /**
   * Creates the subfolders that do not exist. What ZooKeeper knows of an earlier run is removed:
   * that run's job would go on beside the new one.
   *
   * @param fresh whether the data of an earlier run is removed first
   * @throws CommandException when there is data to remove, but no run file of an earlier run
   */
  public void prepare(boolean fresh) {
    if (fresh) {
      clear();
    }
    OF_ONE_RUN.forEach(part -> delete(dir.resolve(part)));
    try {
      create();
      for (String part : PARTS) {
        Files.createDirectories(dir.resolve(part));
      }
      Files.deleteIfExists(stopFile());
    } catch (IOException e) {
      throw new CommandException(
          "The working folder %s cannot be created: %s".formatted(dir, e), e);
    }
  }

  private void clear() {
    List<String> parts = PARTS.stream().filter(part -> hasContent(dir.resolve(part))).toList();
    if (!parts.isEmpty() && !Files.exists(runFile())) {
      throw new CommandException(
          "%s contains %s, but no run.json of an earlier run: this may be another folder than you think."
                  .formatted(dir, parts)
              + " Nothing was changed; choose another with --dir.");
    }
    parts.forEach(part -> delete(dir.resolve(part)));
    delete(runFile());
  }

  /** The newest complete savepoint or retained checkpoint. */
  public Optional<Path> newestSavepoint() {
    return completeSavepoints().stream().max(Comparator.comparing(WorkFolder::modified));
  }

  /** All complete savepoints and retained checkpoints, in no order. */
  public List<Path> completeSavepoints() {
    try (Stream<Path> files =
        Files.find(dir, 4, (file, attributes) -> file.endsWith("_metadata"))) {
      return files.map(Path::getParent).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The savepoints of " + dir + " cannot be listed", e);
    }
  }

  /** The launcher's own log does not count: a command that fails early leaves it. */
  private static boolean hasContent(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.anyMatch(file -> !file.endsWith(LAUNCHER_LOG));
    } catch (NotDirectoryException e) {
      return true;
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long modified(Path savepoint) {
    try {
      return Files.getLastModifiedTime(savepoint.resolve("_metadata")).toMillis();
    } catch (IOException e) {
      throw new UncheckedIOException("The age of " + savepoint + " cannot be read", e);
    }
  }

  private static void delete(Path tree) {
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Nothing to remove.
    } catch (IOException e) {
      throw new CommandException(
          "%s of an earlier run cannot be removed: %s".formatted(tree, e), e);
    }
  }
}
