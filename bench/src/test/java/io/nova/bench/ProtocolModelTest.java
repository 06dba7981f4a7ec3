package io.nova.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The executable model of the handoff holds. Needs {@code python3}; without it the test is skipped.
 */
class ProtocolModelTest {
  private static final Path CHECK = Path.of("../docs/internals/model/check.py");

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void modelHoldsWithAllRulesAndNeedsEachOfThem() throws IOException, InterruptedException {
    assumeTrue(hasPython(), "python3 is not on the path");
    Process check =
        new ProcessBuilder("python3", CHECK.toString(), "50").redirectErrorStream(true).start();
    try {
      String said = new String(check.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(check.waitFor()).as(said).isZero();
      assertThat(said).contains("all hold, each is needed");
    } finally {
      check.destroyForcibly();
    }
  }

  private static boolean hasPython() {
    Map<String, String> environment = System.getenv();
    return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
  }
}
