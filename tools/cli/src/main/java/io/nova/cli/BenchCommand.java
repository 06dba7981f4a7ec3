package io.nova.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * Stands for {@code nova bench} in the list of commands. The launcher script runs the commands of
 * module bench themselves, which this module does not know.
 */
@Command(
    name = "bench",
    description = {
      "Measures Nova beside its peers, on one cluster and one topic: ingest, query, recovery.",
      "`nova bench --help` shows the commands. It first builds them, with the peers' connectors."
    },
    footer = {"", "The page has the measurements and their commands: docs/internals/benchmarks.md"},
    mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {
  @Parameters(
      arity = "0..*",
      paramLabel = "COMMAND",
      description = "ingest, query or recovery, with its options.")
  private String[] words = {};

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Found `bench %s` without the launcher script, expected `./nova bench`."
            .formatted(String.join(" ", words)));
  }
}
