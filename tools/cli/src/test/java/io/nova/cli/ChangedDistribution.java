package io.nova.cli;

import io.nova.cli.cluster.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** The distribution of this project with another configuration file. */
final class ChangedDistribution {
  private ChangedDistribution() {}

  /**
   * Makes it.
   *
   * @param folder where its configuration lies
   * @param name the configuration file that changes
   */
  static Distribution in(Path folder, String name, UnaryOperator<String> change)
      throws IOException {
    Path from = Distribution.ofThisProject().root();
    Files.createDirectories(folder.resolve("conf"));
    for (String part : List.of("flink", "kafka", "jobs")) {
      Files.deleteIfExists(folder.resolve(part));
      Files.createSymbolicLink(folder.resolve(part), from.resolve(part));
    }
    try (Stream<Path> files = Files.list(from.resolve("conf"))) {
      for (Path file : files.toList()) {
        String text = Files.readString(file);
        Files.writeString(
            folder.resolve("conf").resolve(file.getFileName()),
            file.endsWith(name) ? change.apply(text) : text);
      }
    }
    return new Distribution(folder);
  }
}
