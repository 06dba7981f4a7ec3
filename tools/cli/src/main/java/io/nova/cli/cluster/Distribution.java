package io.nova.cli.cluster;

import io.nova.cli.process.CommandException;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The runnable Flink, the broker and the two jars of this project. In the source tree Maven
 * assembles them under {@code flink-conf/target/nova}. A release has them in {@code assembly}.
 *
 * @param root that folder
 */
public record Distribution(Path root) {
  /** The system property that names the project's folder. */
  public static final String HOME_PROPERTY = "nova.home";

  /** The system property by which the launcher names the assembly. */
  static final String ASSEMBLY_PROPERTY = "nova.assembly";

  private static final String CONSOLE_LIB = "console/lib";

  private static final String SQL_JAR = "nova-sql.jar";

  public Distribution {
    if (!Files.isDirectory(root.resolve("flink/lib"))) {
      throw new CommandException(
          ("No runnable Flink in %s. In the source tree, build it with: mvn -DskipTests package. In a"
                  + " release, unpack the release again. Nothing was started.")
              .formatted(root));
    }
  }

  /**
   * The assembly that {@value #ASSEMBLY_PROPERTY} names. Without it, that of the source tree that
   * {@value #HOME_PROPERTY} names, or of the current folder.
   */
  public static Distribution ofThisProject() {
    Path home = Path.of(System.getProperty(HOME_PROPERTY, "")).toAbsolutePath();
    String assembly =
        System.getProperty(ASSEMBLY_PROPERTY, home.resolve("flink-conf/target/nova").toString());
    return new Distribution(Path.of(assembly).toAbsolutePath());
  }

  /** Flink's class path. The SQL jar comes last, so that Flink's own classes win. */
  public String flinkClassPath() {
    return classPath(root.resolve("flink/lib"));
  }

  /** The broker's class path. */
  public String kafkaClassPath() {
    return classPath(root.resolve("kafka/lib"));
  }

  /** Whether the console is part of the assembly. */
  public boolean hasConsole() {
    return Files.isDirectory(root.resolve(CONSOLE_LIB));
  }

  /** The console's class path: its own jars, then those of the command line. */
  String consoleClassPath() {
    return classPath(root.resolve(CONSOLE_LIB))
        + File.pathSeparator
        + classPath(root.resolve("launcher/lib"));
  }

  /** The job, to be submitted with {@code flink run}. */
  public Path jobJar() {
    return root.resolve("jobs/nova-job.jar");
  }

  /**
   * The jars beside the job's own, in {@code jobs/lib}. It is made by hand, for Hadoop's clients.
   */
  List<Path> jobClassPath() {
    return files(root.resolve("jobs/lib"));
  }

  /** The folders of Flink's plugins, in {@code flink/plugins}. It is made by hand. */
  List<Path> plugins() {
    return files(root.resolve("flink/plugins"));
  }

  private static List<Path> files(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("The files of " + folder + " cannot be listed", e);
    }
  }

  /** A template or the logging configuration, by its file name. */
  public Path conf(String name) {
    return root.resolve("conf").resolve(name);
  }

  private static String classPath(Path lib) {
    return files(lib).stream()
        .filter(file -> file.toString().endsWith(".jar"))
        .sorted(Comparator.comparing((Path file) -> file.endsWith(SQL_JAR)).thenComparing(f -> f))
        .map(Path::toString)
        .collect(Collectors.joining(File.pathSeparator));
  }
}
