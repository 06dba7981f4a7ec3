package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The commands of {@code ./nova} for the working folder of a cluster, in this JVM.
 *
 * @param nova the cluster
 * @param more words at the end of every command
 */
record FolderCommands(ProcessCluster nova, List<String> more) {
  /** Runs a command that must end with exit code 0, and returns what it prints. */
  String run(String... words) {
    List<String> all =
        Stream.of(
                Arrays.stream(words),
                Stream.of("--dir", nova.processes().options().folder().dir().toString()),
                more.stream())
            .flatMap(part -> part)
            .toList();
    PrintStream out = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, UTF_8));
    try {
      assertThat(Nova.commandLine().execute(all.toArray(String[]::new)))
          .as("exit code of nova %s", all)
          .isZero();
    } finally {
      System.setOut(out);
    }
    return printed.toString(UTF_8);
  }
}
