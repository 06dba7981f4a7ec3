package io.nova.cli.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder of one local cluster: all that its processes write lies in it.
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
          "plugins");

  public WorkFolder {
    dir = dir.toAbsolutePath().normalize();
  }

  /** Logs of all processes, one file each, and what their consoles said. */
  public Path logs() {
    return dir.resolve("logs");
  }

  /** Flink's and the broker's configuration as they run. */
  public Path conf() {
    return dir.resolve("conf");
  }

  /** The only temporary folder that the processes know. */
  public Path tmp() {
    return dir.resolve("tmp");
  }

  /** The Iceberg warehouse. */
  public Path warehouse() {
    return dir.resolve("warehouse");
  }

  /** Savepoints made by {@code stop}. */
  public Path savepoints() {
    return dir.resolve("savepoints");
  }

  /** Says what runs here; see {@link RunFile}. */
  public Path runFile() {
    return dir.resolve("run.json");
  }

  /** Locked by the launcher that owns the folder. */
  public Path lockFile() {
    return dir.resolve("lock");
  }

  /** The folder as a URI without a trailing slash. */
  public String uri() {
    return "file://" + dir;
  }

  /** There while `nova stop` asks the launcher to end. */
  public Path stopFile() {
    return dir.resolve("stop");
  }

  /**
   * Makes the parts that are not there yet.
   *
   * @param fresh whether the data of an earlier run is removed first; nothing is removed from a
   *     folder that did not come from one
   */
  public void prepare(boolean fresh) {
    if (fresh) {
      clear();
    }
    try {
      for (String part : PARTS) {
        Files.createDirectories(dir.resolve(part));
      }
      Files.deleteIfExists(stopFile());
    } catch (IOException e) {
      throw new CommandException("The working folder %s cannot be made: %s".formatted(dir, e), e);
    }
  }

  private void clear() {
    List<String> parts = PARTS.stream().filter(part -> holdsSomething(dir.resolve(part))).toList();
    if (!parts.isEmpty() && !Files.exists(runFile())) {
      throw new CommandException(
          "%s holds %s, but not the run.json of an earlier run: this may be somebody else's folder."
                  .formatted(dir, parts)
              + " Nothing was changed; choose another with --dir.");
    }
    parts.forEach(part -> delete(dir.resolve(part)));
    delete(runFile());
  }

  /** The newest savepoint or retained checkpoint, if any is whole. */
  public Optional<Path> newestSavepoint() {
    return wholeSavepoints().stream().max(Comparator.comparing(WorkFolder::modified));
  }

  private List<Path> wholeSavepoints() {
    try (Stream<Path> files =
        Files.find(dir, 4, (file, attributes) -> file.endsWith("_metadata"))) {
      return files.map(Path::getParent).toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The savepoints of " + dir + " cannot be listed", e);
    }
  }

  /** The launcher's own log does not count: a command that failed before it began leaves it. */
  private static boolean holdsSomething(Path folder) {
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
