package io.nova.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The time that Flink's processes have to open their port, as the assembled Pekko reads it. */
class StartupTimeoutITCase {
  private static final String LOADER = "flink-rpc-akka-loader-";
  private static final String PEKKO = "flink-rpc-akka.jar";

  @TempDir private Path folder;

  @Test
  void aProcessOnABusyMachineHasTwoMinutesToOpenItsPort() throws Exception {
    List<String> options =
        FlinkProcesses.withCommon(List.of()).stream()
            .filter(argument -> argument.startsWith("-Dpekko."))
            .map(argument -> argument.substring("-D".length()))
            .toList();
    options.forEach(option -> System.setProperty(name(option), value(option)));
    try {
      assertThat(readByPekko()).isEqualTo("Timeout(120000 milliseconds)");
    } finally {
      options.forEach(option -> System.clearProperty(name(option)));
    }
  }

  private static String name(String option) {
    return option.substring(0, option.indexOf('='));
  }

  private static String value(String option) {
    return option.substring(option.indexOf('=') + 1);
  }

  /** The setting that Pekko reads in a new process, which has this JVM's system properties. */
  private String readByPekko() throws Exception {
    URL[] pekko = {pekko().toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(pekko, ClassLoader.getPlatformClassLoader())) {
      Object config =
          loader
              .loadClass("com.typesafe.config.ConfigFactory")
              .getMethod("defaultReference", ClassLoader.class)
              .invoke(null, loader);
      Class<?> settings = loader.loadClass("org.apache.pekko.remote.RemoteSettings");
      Object read =
          settings
              .getConstructor(loader.loadClass("com.typesafe.config.Config"))
              .newInstance(config);
      return settings.getMethod("StartupTimeout").invoke(read).toString();
    }
  }

  private Path pekko() throws Exception {
    Path file = folder.resolve(PEKKO);
    if (!Files.exists(file)) {
      try (ZipFile loader = new ZipFile(loader().toFile())) {
        Files.copy(loader.getInputStream(loader.getEntry(PEKKO)), file);
      }
    }
    return file;
  }

  private static Path loader() throws Exception {
    try (Stream<Path> jars = Files.list(Distribution.ofThisProject().root().resolve("flink/lib"))) {
      return jars.filter(jar -> jar.getFileName().toString().startsWith(LOADER))
          .findAny()
          .orElseThrow();
    }
  }
}
