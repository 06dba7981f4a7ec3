package io.nova.cli.cluster;

import io.nova.cli.process.CommandException;
import io.nova.cli.process.OwnProcess;
import io.nova.cli.process.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Where Flink's processes serve their metrics for Prometheus. Each process takes a port itself. */
public final class MetricsEndpoints {
  private static final Pattern STARTED =
      Pattern.compile("Started PrometheusReporter HTTP server on port (\\d+)\\.");

  private static final String REPORTER = "metrics.reporter.prometheus.";

  private MetricsEndpoints() {}

  /**
   * The same for the cluster in a working folder; empty if its configuration has no reporter. The
   * files of its processes may name ports of an earlier run.
   *
   * @throws CommandException when a file cannot be read
   */
  public static Map<String, String> of(WorkFolder folder, List<OwnProcess> processes) {
    Path config = folder.conf().resolve("config.yaml");
    try {
      return Files.exists(config) && Files.readString(config).contains(REPORTER)
          ? of(processes)
          : Map.of();
    } catch (IOException e) {
      throw new CommandException("%s cannot be read: %s".formatted(config, e), e);
    }
  }

  /**
   * The address of each process that serves metrics, by its name. {@code log4j.properties} writes
   * the ports of a process into a file beside its log, which never rolls.
   *
   * @throws CommandException when such a file cannot be read
   */
  static Map<String, String> of(List<OwnProcess> processes) {
    LinkedHashMap<String, String> addresses = new LinkedHashMap<>();
    for (OwnProcess process : processes) {
      port(process)
          .ifPresent(
              port -> addresses.put(process.name(), "http://127.0.0.1:%s/metrics".formatted(port)));
    }
    return addresses;
  }

  private static Optional<String> port(OwnProcess process) {
    Path ports = Path.of(process.log() + ".ports");
    if (!Files.exists(ports)) {
      return Optional.empty();
    }
    try {
      return STARTED
          .matcher(Files.readString(ports))
          .results()
          .map(found -> found.group(1))
          .reduce((earlier, later) -> later);
    } catch (IOException e) {
      throw new CommandException("%s cannot be read: %s".formatted(ports, e), e);
    }
  }
}
