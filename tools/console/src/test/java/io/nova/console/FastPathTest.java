package io.nova.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.BatchTarget;
import io.nova.console.ask.AskException;
import io.nova.console.view.FakeFlink;
import io.nova.console.view.WatchedStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class FastPathTest {
  @TempDir Path folder = Path.of("");

  @Command
  private static final class Options {
    @Mixin private BatchTarget target = new BatchTarget();
  }

  private FastPath fastPath(URI flink) {
    Options options = new Options();
    new CommandLine(options).parseArgs("--dir", folder.toString());
    return new FastPath(
        new WatchedStore(options.target, flink, null), folder, new FastPath.Limits(64, 1, 64));
  }

  @Test
  void failureOnAClusterWithTlsSaysThatTheConsoleHasNone() throws Exception {
    try (FakeFlink flink = new FakeFlink().setting("security.ssl.internal.enabled", "true");
        FastPath fastPath = fastPath(flink.address())) {
      assertThatThrownBy(() -> fastPath.pin(Duration.ofSeconds(1)))
          .isInstanceOfSatisfying(
              AskException.class,
              e -> assertThat(e.kind()).isEqualTo(AskException.Kind.UNAVAILABLE))
          .hasMessageContaining("does not speak TLS to live servers yet");
    }
  }

  @Test
  void failureOnAnotherClusterDoesNotNameTls() throws Exception {
    try (FakeFlink flink = new FakeFlink();
        FastPath fastPath = fastPath(flink.address())) {
      assertThatThrownBy(() -> fastPath.pin(Duration.ofSeconds(1)))
          .isInstanceOf(AskException.class)
          .message()
          .doesNotContain("TLS");
    }
  }
}
