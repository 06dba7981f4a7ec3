package io.nova.cli;

import io.nova.fixtures.ReferencePage;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

class CliPageTest {
  private static final int WIDTH = 100;

  @Test
  void pageHasTheUsageOfEveryCommand() {
    CommandLine nova = Nova.commandLine().setUsageHelpWidth(WIDTH);
    StringBuilder page =
        new StringBuilder(
            """
            `./nova` runs one command on this machine. In the source tree it first builds what is stale.
            A release has nothing to build.
            Each command shows progress on standard error and its result on standard output.
            Exit codes: 0 for success, 1 for failure, 2 for wrong usage.

            """);
    page.append(usage(nova));
    commands("./nova", nova).forEach(page::append);
    ReferencePage.hold("cli.md", CliPageTest.class, "Command line", page.toString());
  }

  /** A section for each command, and for each command of a command. */
  private static Stream<String> commands(String name, CommandLine parent) {
    return parent.getSubcommands().values().stream()
        .filter(command -> !command.getCommandName().equals("help"))
        .flatMap(command -> sections(name + " " + command.getCommandName(), command));
  }

  private static Stream<String> sections(String name, CommandLine command) {
    return Stream.concat(
        Stream.of("\n## `%s`\n\n%s".formatted(name, usage(command))), commands(name, command));
  }

  private static String usage(CommandLine command) {
    String text =
        command.getUsageMessage(Ansi.OFF).lines().map(String::stripTrailing).toList().stream()
            .reduce("", (all, line) -> all + line + "\n");
    return "```text\n%s```\n".formatted(text);
  }
}
