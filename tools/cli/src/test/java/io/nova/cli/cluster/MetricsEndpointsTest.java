package io.nova.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.process.OwnProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsEndpointsTest {
  @TempDir private Path logs;

  private OwnProcess process(String name, String ports) throws IOException {
    Files.writeString(logs.resolve(name + ".log.ports"), ports);
    return new OwnProcess(name, 1, 1, logs.resolve(name + ".log").toString());
  }

  @Test
  void theLastPortInTheFileBesideALogIsTheOneOfTheProcess() throws IOException {
    List<OwnProcess> processes =
        List.of(
            new OwnProcess("launcher", 1, 1, ""),
            new OwnProcess("gone", 1, 1, logs.resolve("gone").toString()),
            process("gateway", ""),
            process(
                "jobmanager",
                """
                Started PrometheusReporter HTTP server on port 9250.
                Another line of the reporter.
                Started PrometheusReporter HTTP server on port 9252.
                """));
    assertThat(MetricsEndpoints.of(processes))
        .isEqualTo(Map.of("jobmanager", "http://127.0.0.1:9252/metrics"));
  }
}
