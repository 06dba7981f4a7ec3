package io.nova.cli;

import io.nova.cli.process.CommandException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/**
 * The commands of {@code ./nova}. Exit codes: 0 done, 1 failed, 2 wrong usage. A command's help
 * says what a failure is.
 */
@Command(
    name = "nova",
    description = "A real-time event store on Apache Flink, on this machine.",
    mixinStandardHelpOptions = true,
    version = "nova 0.1.0-preview",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      LocalCommand.class,
      SendCommand.class,
      ReplayRejectedCommand.class,
      StatusCommand.class,
      SqlCommand.class,
      AskCommand.class,
      BatchCommand.class,
      VerifyCommand.class,
      StopCommand.class,
      ConsoleCommand.class,
      BenchCommand.class,
      HelpCommand.class
    },
    footer = {"", "Exit codes: 0 done, 1 failed, 2 wrong usage."})
public final class Nova implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs one command. */
  public static void main(String[] arguments) {
    run(new Nova(), arguments);
  }

  /** Runs one command of a tree of commands, and ends this JVM with its exit code. */
  public static void run(Object root, String... arguments) {
    // Programs read the output, too: numbers look the same on every machine.
    Locale.setDefault(Locale.US);
    System.setOut(utf8(FileDescriptor.out));
    System.setErr(utf8(FileDescriptor.err));
    System.exit(commandLine(root).execute(arguments));
  }

  static CommandLine commandLine() {
    return commandLine(new Nova());
  }

  /** A tree of commands with the messages and exit codes of {@code nova}. */
  public static CommandLine commandLine(Object root) {
    return new CommandLine(root)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Nova::misused)
        .setExecutionExceptionHandler(Nova::failed);
  }

  private static int misused(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    command.getErr().println("nova: " + e.getMessage());
    command.getErr().printf("See `%s --help`.%n", command.getCommandSpec().qualifiedName());
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Found no command.");
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    String message = e.getMessage();
    if (e instanceof CommandException && message != null) {
      command.getErr().println("nova: " + message);
    } else {
      command.getErr().println("nova: " + e);
      command.getErr().println("The stack trace is in " + System.getProperty("log.file"));
    }
    LoggerFactory.getLogger(Nova.class).error("{} failed", parsed.originalArgs(), e);
    return 1;
  }

  private static PrintStream utf8(FileDescriptor descriptor) {
    return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
  }
}
