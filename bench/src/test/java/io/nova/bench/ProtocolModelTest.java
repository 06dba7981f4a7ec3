package io.nova.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The executable models of the handoff and of progress hold. They need {@code python3}; without it
 * the tests are skipped.
 */
class ProtocolModelTest {
  private static final Path MODELS = Path.of("../docs/internals/model");

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void modelOfTheHandoffHoldsWithAllRulesAndNeedsEachOfThem() throws Exception {
    assertThat(run("check.py", "50")).contains("all hold, each is needed");
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void modelOfProgressHoldsWithAllRules() throws Exception {
    assertThat(run("progress_model.py", "--seeds", "200")).contains("0 of 200 seeds break");
  }

  /** The exit code is 0 if some seed needs the rule. */
  @ParameterizedTest
  @ValueSource(strings = {"quartile", "spread", "evidence", "records", "unbroken", "smaller"})
  @Timeout(value = 2, unit = TimeUnit.MINUTES)
  void modelOfProgressNeedsEachRule(String rule) throws Exception {
    assertThat(run("progress_model.py", "--seeds", "200", "--without", rule)).contains("seed ");
  }

  private static String run(String model, String... arguments) throws Exception {
    assumeTrue(hasPython(), "python3 is not on the path");
    List<String> command = new ArrayList<>(List.of("python3", MODELS.resolve(model).toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(said).isZero();
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean hasPython() {
    Map<String, String> environment = System.getenv();
    return Arrays.stream(environment.getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "python3")));
  }
}
