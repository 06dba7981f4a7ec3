package io.nova.bench.command;

import io.nova.bench.measure.Duck;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.process.CommandException;
import java.io.File;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The versions of what is measured, by the names of the jars that run. */
final class Versions {
  private static final List<String> JARS =
      List.of("flink-core", "flink-json", "kafka_2.13", "frocksdbjni", "zstd-jni");

  private Versions() {}

  /** In one line. */
  static String line() {
    try {
      Distribution distribution = Distribution.ofThisProject();
      return of(distribution.flinkClassPath() + File.pathSeparator + distribution.kafkaClassPath());
    } catch (CommandException notBuilt) {
      return "unknown";
    }
  }

  /** The versions of some jars of a class path, and that of DuckDB. */
  static String of(String classPath) {
    return Stream.concat(
            JARS.stream().flatMap(jar -> version(jar, classPath)),
            Stream.of("DuckDB " + Duck.version()))
        .collect(Collectors.joining(", "));
  }

  private static Stream<String> version(String jar, String classPath) {
    Matcher found = Pattern.compile(Pattern.quote(jar) + "-(\\d[^/]*)\\.jar").matcher(classPath);
    return found.find() ? Stream.of(jar + " " + found.group(1)) : Stream.empty();
  }
}
