package io.nova.bench.command;

import io.nova.cli.Nova;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The commands of {@code ./nova bench}. Exit codes: 0 done, 1 failed, 2 wrong usage. */
@Command(
    name = "nova bench",
    description = "Measures Nova beside its peers, on one cluster and one topic of this machine.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {IngestCommand.class, QueryCommand.class, RecoveryCommand.class},
    footer = {
      "",
      "Every result is compared with DuckDB's before its time counts. A wrong one fails.",
      "Exit codes: 0 done, 1 failed or a wrong result, 2 wrong usage."
    })
public final class NovaBench implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one command. */
  public static void main(String[] arguments) {
    Nova.run(new NovaBench(), arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Found no command.");
  }
}
