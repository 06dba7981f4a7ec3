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

/** What is sent, or was sent: files, or the generated day. */
final class MessageOptions {
  @Parameters(
      paramLabel = "FILE",
      arity = "0..*",
      description =
          "JSON lines, .gz, Amplitude's zip, or - for standard input; one after the other.")
  private List<String> files = List.of();

  @Option(names = "--generated", description = "The generated day instead of files.")
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
      description = "Messages of the generated day (default: ${DEFAULT-VALUE}).",
      defaultValue = "1050000")
  private long count;

  /** The messages; a usage error when it is not clear which. */
  Messages in(CommandSpec command) {
    if (generated == !files.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          generated
              ? "Either FILE or --generated, not both."
              : "Which messages? Name a FILE (- is standard input) or say --generated.");
    }
    GeneratorOptions standard = GeneratorOptions.DEFAULTS;
    return generated
        ? new GeneratedMessages(
            new GeneratorOptions(seed, count, standard.day(), standard.partitions()))
        : new FileMessages(files);
  }
}
