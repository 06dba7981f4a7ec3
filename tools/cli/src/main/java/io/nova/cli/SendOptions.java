package io.nova.cli;

import io.nova.cli.process.CommandException;
import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.FileMessages;
import io.nova.workload.input.Messages;
import io.nova.workload.send.Pace;
import java.util.List;
import picocli.CommandLine.Option;

/** Options for what is sent, and how fast. */
final class SendOptions {
  @Option(
      names = "--events",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Events to send: JSON lines, .gz, Amplitude's zip, or - for standard input (default: a"
              + " generated day of a small product).")
  private List<String> files = List.of();

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "max, so many a second (5000), or so many times the speed of their upload times (60x)"
              + " (default: ${DEFAULT-VALUE}).")
  private String rate = "60x";

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Messages of the generated day (default: ${DEFAULT-VALUE}).")
  private long count = GeneratorOptions.DEFAULTS.count();

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of the generated day; the same gives the same (default: ${DEFAULT-VALUE}).")
  private long seed = GeneratorOptions.DEFAULTS.seed();

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of the events topic (default: ${DEFAULT-VALUE}).")
  private int partitions = 4;

  boolean fromFiles() {
    return !files.isEmpty();
  }

  boolean fromStandardInput() {
    return files.contains(FileMessages.STANDARD_INPUT);
  }

  int partitions() {
    return partitions;
  }

  Pace pace() {
    try {
      return Pace.parse(rate);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--rate: " + e.getMessage(), e);
    }
  }

  Messages messages() {
    return fromFiles()
        ? new FileMessages(files)
        : new GeneratedMessages(
            new GeneratorOptions(seed, count, GeneratorOptions.DEFAULTS.day(), partitions));
  }
}
