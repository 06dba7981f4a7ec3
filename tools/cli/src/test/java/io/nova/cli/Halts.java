package io.nova.cli;

import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.OwnProcess;
import io.nova.iceberg.commit.HaltPoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Halts the TaskManagers of a cluster at named points. */
final class Halts {
  private static final String JVM = "env.java.opts.taskmanager:";

  private final ProcessCluster nova;
  private final Path folder;

  /** Replaces the cluster's TaskManagers by some that halt where they are asked to. */
  Halts(ProcessCluster nova) {
    this.nova = nova;
    this.folder = nova.processes().options().folder().dir().resolve("halts");
    try {
      Files.createDirectories(folder);
      Path config = nova.processes().options().folder().conf().resolve("config.yaml");
      String text = Files.readString(config);
      Files.writeString(
          config, text.replace(JVM, "%s -D%s=%s".formatted(JVM, HaltPoint.FOLDER, folder)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    for (int number = 0; number < 2; number++) {
      nova.processes().killTaskManager(number);
      nova.processes().startTaskManager();
    }
  }

  /** Has the next thread that reaches a point wait there. */
  void ask(HaltPoint point) {
    try {
      Files.createFile(folder.resolve(point.name()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits until a thread has reached the point. Returns the number of its TaskManager. */
  int awaitReached(HaltPoint point) {
    nova.await(point + " is reached", () -> reached(point).isPresent());
    long pid = Long.parseLong(ending(reached(point).orElseThrow()));
    OwnProcess process =
        RunFile.running(nova.processes().options().folder()).alive().stream()
            .filter(one -> one.pid() == pid)
            .findFirst()
            .orElseThrow();
    return Integer.parseInt(process.name().substring("taskmanager-".length()));
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Lets the thread that has reached the point go on, if its process is alive. */
  void release(HaltPoint point) {
    try {
      Files.delete(reached(point).orElseThrow());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Path> reached(HaltPoint point) {
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> all =
          files.filter(file -> file.getFileName().toString().startsWith(point + ".")).toList();
      return all.stream().findFirst();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
