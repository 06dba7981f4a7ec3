package io.nova.cli;

import io.nova.cli.process.CommandException;
import io.nova.cli.run.ReplayedDays;
import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.FileMessages;
import io.nova.workload.input.Messages;
import io.nova.workload.send.Pace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of `nova local` for the events to send and their rate. */
final class SendOptions {
  @Option(
      names = "--events",
      paramLabel = "FILE",
      arity = "1..*",
      description =
          "Events to send: JSON lines, .gz, Amplitude's zip, or - for standard input (default: a"
              + " generated day).")
  private List<String> files = List.of();

  @Option(
      names = "--rate",
      paramLabel = "RATE",
      description =
          "max, messages a second (5000), or a multiple of the speed of their upload times (60x)"
              + " (default: 60x, with --days max).")
  private @Nullable String rate;

  @Option(
      names = "--count",
      paramLabel = "N",
      description =
          "Number of messages of the generated day (default: 1050000), or of each of --days (default:"
              + " 20000).")
  private @Nullable Long count;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Seed of the generated day; equal seeds give equal days (default: ${DEFAULT-VALUE}).")
  private long seed = GeneratorOptions.DEFAULTS.seed();

  @Option(
      names = "--partitions",
      paramLabel = "N",
      description = "Partitions of the events topic (default: ${DEFAULT-VALUE}).")
  private int partitions = 4;

  boolean fromFiles() {
    return !files.isEmpty();
  }

  /** Whether the events can be read only once. */
  boolean fromPipe() {
    return !new FileMessages(files).reopenable();
  }

  int partitions() {
    return partitions;
  }

  Pace pace() {
    return pace("60x");
  }

  private Pace pace(String standard) {
    try {
      return Pace.parse(rate == null ? standard : rate);
    } catch (IllegalArgumentException e) {
      throw new CommandException("--rate: " + e.getMessage(), e);
    }
  }

  Messages messages() {
    return fromFiles()
        ? new FileMessages(files)
        : new GeneratedMessages(
            GeneratorOptions.day(
                seed,
                count == null ? GeneratorOptions.DEFAULTS.count() : count,
                GeneratorOptions.DEFAULTS.day(),
                partitions));
  }

  /**
   * Generated days to replay.
   *
   * @throws IllegalArgumentException if one of the numbers is too small or too large
   */
  ReplayedDays days(int days) {
    return new ReplayedDays(
        days, count == null ? ReplayedDays.MESSAGES : count, seed, partitions, pace("max"));
  }
}
