package io.nova.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.cli.process.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster whose start fails. */
class FailedStartITCase {
  @TempDir private Path folder;

  @Test
  void noToolOfFlinkOutlivesABrokerThatCannotBeFormatted() throws Exception {
    ClusterOptions options =
        new ClusterOptions(
            new WorkFolder(folder.resolve("work")),
            Ports.FREE,
            new ClusterOptions.Memory("384m", "800m", "2000m", "384m"),
            1,
            2,
            2);
    Distribution distribution = withoutBroker();
    Set<ProcessHandle> before = children();
    assertThatThrownBy(() -> LocalCluster.start(distribution, options, true, 1, step -> {}))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("was not formatted");
    assertThat(children()).isSubsetOf(before);
  }

  /** The assembled distribution, without Kafka's jars. */
  private Distribution withoutBroker() throws IOException {
    Path root = Files.createDirectory(folder.resolve("distribution"));
    for (String part : List.of("flink", "conf")) {
      Files.createSymbolicLink(
          root.resolve(part), Distribution.ofThisProject().root().resolve(part));
    }
    return new Distribution(root);
  }

  private static Set<ProcessHandle> children() {
    return ProcessHandle.current().children().collect(Collectors.toSet());
  }
}
