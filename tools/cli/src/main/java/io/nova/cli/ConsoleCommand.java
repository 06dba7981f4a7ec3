package io.nova.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/**
 * Stands for {@code nova console} in the list of commands. The launcher script runs the console
 * itself, which this module does not know.
 */
@Command(
    name = "console",
    description = {
      "Serves the console: a page with the state of the job, its layers, queries and batches.",
      "`nova local` starts it too. `nova console --help` shows its options."
    },
    footer = {"", "The guide has all options: docs/guides/console.md"},
    mixinStandardHelpOptions = true)
final class ConsoleCommand implements Runnable {
  @Parameters(arity = "0..*", paramLabel = "OPTION", description = "Its options.")
  private String[] words = {};

  @Unmatched private String[] options = {};

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "Found `console` with %d words without the launcher script, expected `./nova console`."
            .formatted(words.length + options.length));
  }
}
