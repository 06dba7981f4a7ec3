package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.cluster.Distribution;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The distribution of this project with another configuration file, or with more jars. Its clusters
 * live for a minute on a machine of two cores. JobManager and TaskManagers have the quick compiler
 * only, and figures are fresh after 200 ms instead of a second. Soak runs have neither.
 */
final class ChangedDistribution {
  /** Set by the profile {@code soak}. */
  private static final boolean SOAK = Boolean.getBoolean("nova.soak");

  private static final String QUICK = "-XX:TieredStopAtLevel=1";

  private ChangedDistribution() {}

  /** The distribution for a cluster of a test, in a folder of all tests. */
  static Distribution ofTests() {
    try {
      return in(
          Path.of("target", "it-distribution").toAbsolutePath(),
          "config.yaml",
          UnaryOperator.identity());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String quick(String config) {
    String jvm = "env.java.opts.taskmanager:";
    String interval = "metrics.fetcher.update-interval: ";
    String quick = replaced(config, jvm, jvm + " " + QUICK);
    return replaced(quick, interval + "1000", interval + "200")
        + "\nenv.java.opts.jobmanager: "
        + QUICK
        + "\n";
  }

  private static String replaced(String config, String from, String to) {
    assertThat(config).as("config.yaml").containsOnlyOnce(from);
    return config.replace(from, to);
  }

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
      link(folder.resolve(part), from.resolve(part));
    }
    copyConf(from, folder, name, change);
    return new Distribution(folder);
  }

  private static void link(Path link, Path to) throws IOException {
    Files.deleteIfExists(link);
    Files.createDirectories(link.toAbsolutePath().getParent());
    Files.createSymbolicLink(link, to);
  }

  private static void copyConf(Path from, Path folder, String name, UnaryOperator<String> change)
      throws IOException {
    try (Stream<Path> files = Files.list(from.resolve("conf"))) {
      for (Path file : files.toList()) {
        String read = Files.readString(file);
        String text = file.endsWith("config.yaml") && !SOAK ? quick(read) : read;
        Files.writeString(
            folder.resolve("conf").resolve(file.getFileName()),
            file.endsWith(name) ? change.apply(text) : text);
      }
    }
  }

  /**
   * Adds jars, as an operator does.
   *
   * @param folder a new folder
   * @param flink jars on Flink's class path
   * @param job jars on the class path of the job
   * @param plugins folders of Flink's plugins
   * @param config changes {@code config.yaml}
   */
  static Distribution with(
      Path folder,
      List<Path> flink,
      List<Path> job,
      List<Path> plugins,
      UnaryOperator<String> config)
      throws IOException {
    Path from = Distribution.ofThisProject().root();
    Files.createDirectories(folder.resolve("conf"));
    link(folder.resolve("kafka"), from.resolve("kafka"));
    linkAll(folder.resolve("flink/lib"), filesOf(from.resolve("flink/lib")));
    linkAll(folder.resolve("flink/lib"), flink);
    linkAll(folder.resolve("flink/plugins"), plugins);
    linkAll(folder.resolve("jobs"), filesOf(from.resolve("jobs")));
    linkAll(folder.resolve("jobs/lib"), job);
    copyConf(from, folder, "config.yaml", config);
    return new Distribution(folder);
  }

  private static void linkAll(Path folder, List<Path> files) throws IOException {
    for (Path file : files) {
      link(folder.resolve(file.getFileName()), file.toAbsolutePath());
    }
  }

  private static List<Path> filesOf(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
