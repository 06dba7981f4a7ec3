package io.nova.cli;

import io.nova.workload.generate.GeneratedMessages;
import io.nova.workload.generate.GeneratorOptions;
import io.nova.workload.input.FileMessages;
import io.nova.workload.input.Messages;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The options that name messages: files, or the generated day. */
final class MessageOptions {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "Messages: JSON lines, .gz, Amplitude's zip, or - for standard input. Several are read one"
              + " after the other.")
  private List<String> files = List.of();

  @Option(names = "--generated", description = "Read a generated day instead of files.")
  private boolean generated;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the generated day (default: ${DEFAULT-VALUE}).",
      defaultValue = "1")
  private long seed;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Number of messages of the generated day (default: ${DEFAULT-VALUE}).",
      defaultValue = "1050000")
  private long count;

  /**
   * The messages.
   *
   * @throws ParameterException when neither files nor a generated day were named, or both
   */
  Messages in(CommandSpec command) {
    if (generated == !files.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          generated
              ? "Found FILE and --generated, expected one of them."
              : "Found no messages, expected a FILE (- is standard input) or --generated.");
    }
    GeneratorOptions standard = GeneratorOptions.DEFAULTS;
    return generated
        ? new GeneratedMessages(
            GeneratorOptions.day(seed, count, standard.day(), standard.partitions()))
        : new FileMessages(files);
  }
}
