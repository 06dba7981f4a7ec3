package io.nova.cli;

import io.nova.cli.chart.ChartOutput;
import io.nova.cli.cluster.ClusterOptions;
import io.nova.cli.cluster.Distribution;
import io.nova.cli.cluster.FlinkProcesses;
import io.nova.cli.cluster.RunFile;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.sql.JsonPrinter;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.SqlGateway;
import io.nova.cli.sql.SqlSession;
import io.nova.cli.sql.SqlStatements;
import io.nova.cli.sql.TablePrinter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs SQL statements on the local cluster. */
@Command(
    name = "sql",
    description = {
      "Runs Flink SQL statements as batch queries on the local cluster. The current catalog is"
          + " `nova`, its table is `events`.",
      "Without -e and -f it starts Flink's own SQL client."
    },
    mixinStandardHelpOptions = true)
final class SqlCommand implements Callable<Integer> {
  @Mixin private FolderOption folder = new FolderOption();

  @ArgGroup private @Nullable Script script;

  @Option(names = "--json", description = "With -e or -f: one JSON object for each row.")
  private boolean json;

  @Mixin private ChartOption chart = new ChartOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Statements from the command line or from a file. */
  static final class Script {
    @Option(
        names = {"-e", "--execute"},
        paramLabel = "QUERY",
        description = "Statements, separated by semicolons.")
    private @Nullable String text;

    @Option(
        names = {"-f", "--file"},
        paramLabel = "FILE",
        description = "A file with statements.")
    private @Nullable Path file;

    List<String> statements() {
      try {
        return SqlStatements.split(file == null ? String.valueOf(text) : Files.readString(file));
      } catch (IOException e) {
        throw new CommandException("%s cannot be read: %s".formatted(file, e), e);
      }
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    Optional<ChartOutput> drawn = chart.output(System.out);
    if (chart.isGiven() && (script == null || json)) {
      throw new ParameterException(
          spec.commandLine(), "Found --chart, expected it with -e or -f and without --json.");
    }
    WorkFolder workFolder = folder.folder();
    RunFile run = RunFile.running(workFolder);
    if (script == null) {
      ClusterOptions options = ClusterOptions.in(workFolder.dir()).withPorts(run.ports());
      return new FlinkProcesses(Distribution.ofThisProject(), options).runSqlClient();
    }
    List<String> statements = script.statements();
    try (SqlSession session = SqlGateway.onPort(run.ports().gateway()).open()) {
      for (String statement : statements) {
        session.execute(statement, drawn.<RowPrinter>map(each -> each).orElseGet(this::printer));
      }
    }
    return 0;
  }

  private RowPrinter printer() {
    return json ? new JsonPrinter(System.out) : new TablePrinter(System.out);
  }
}
