package io.nova.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.ask.ConsoleClient;
import io.nova.cli.chart.ChartOutput;
import io.nova.cli.process.CommandException;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import io.nova.cli.sql.CsvPrinter;
import io.nova.cli.sql.JsonPrinter;
import io.nova.cli.sql.RowPrinter;
import io.nova.cli.sql.TablePrinter;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Asks the fast path of a running console. */
@Command(
    name = "ask",
    description = {
      "Answers one SELECT in DuckDB's dialect over memory and disk, in milliseconds. A running"
          + " `nova console` answers it.",
      "The tables are events, lambda_events, batches, chunks, blocks, snapshots, freshness,"
          + " rejected and duplicates."
    },
    mixinStandardHelpOptions = true)
final class AskCommand implements Callable<Integer> {
  private static final String STANDARD_INPUT = "-";

  /** After it, the job ends the leases of a pinned cut. */
  private static final int LONGEST_PIN_SECONDS = 600;

  @Mixin private FolderOption folder = new FolderOption();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SELECT", description = "The statement; - reads it from standard input.")
  private String sql = "";

  @Option(names = "--json", description = "One JSON object for each row.")
  private boolean json;

  @Option(names = "--csv", description = "CSV with a line of names.")
  private boolean csv;

  @Option(names = "--committed", description = "Reads the table alone, without live views.")
  private boolean committed;

  @Option(
      names = "--cut",
      paramLabel = "ID",
      description = "Reads a pinned cut in place of the current one.")
  private String cut = "";

  @Option(
      names = "--pin",
      paramLabel = "SECONDS",
      description =
          "Pins a cut for this time, at most 600, and reads it. Flink SQL reads the same rows with the option"
              + " live.cut.")
  private int pinSeconds;

  @Option(
      names = "--max-rows",
      paramLabel = "N",
      description = "Greatest number of rows (default: ${DEFAULT-VALUE}).",
      defaultValue = "10000")
  private int maxRows = 10_000;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Cancels the statement after this time (default: ${DEFAULT-VALUE}).",
      defaultValue = "60")
  private int timeoutSeconds = 60;

  @Mixin private ChartOption chart = new ChartOption();

  @Override
  public Integer call() throws IOException {
    check();
    Optional<ChartOutput> drawn = chart.output(System.out);
    String statement = sql.equals(STANDARD_INPUT) ? read(System.in) : sql;
    ConsoleClient console = new ConsoleClient(running(folder.folder()));
    String pinned = pinSeconds > 0 ? console.pin(pinSeconds) : cut;
    ConsoleClient.Asked asked =
        new ConsoleClient.Asked(
            UUID.randomUUID().toString(),
            statement,
            committed ? "committed" : "live",
            pinned,
            maxRows,
            timeoutSeconds * 1_000L);
    Thread givenUp = new Thread(() -> giveUp(console, asked));
    Runtime.getRuntime().addShutdownHook(givenUp);
    boolean shown = false;
    try {
      show(console.ask(asked), drawn, pinned);
      shown = true;
    } finally {
      if (isGoingOn(givenUp) && !shown) {
        giveUp(console, asked);
      }
    }
    return 0;
  }

  /** Whether the process goes on. Its hook is removed then. After Ctrl-C the hook runs. */
  private static boolean isGoingOn(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ends) {
      return false;
    }
  }

  /** Nobody has read the id of the pinned cut, so it is released. */
  private void giveUp(ConsoleClient console, ConsoleClient.Asked asked) {
    console.cancel(asked.id());
    if (pinSeconds > 0) {
      console.release(asked.cut());
    }
  }

  private void show(JsonNode answer, Optional<ChartOutput> drawn, String pinned) {
    print(answer, drawn.<RowPrinter>map(each -> each).orElseGet(() -> printer(System.out)));
    notes(answer, spec.commandLine().getErr()::println);
    if (pinSeconds > 0) {
      spec.commandLine()
          .getErr()
          .println(
              "Pinned for %d s. In Flink SQL: /*+ OPTIONS('live.cut' = '%s') */"
                  .formatted(pinSeconds, pinned));
    }
  }

  private static ConsoleFile running(WorkFolder folder) {
    return ConsoleFile.running(folder)
        .orElseThrow(
            () ->
                new CommandException(
                    "No console runs in %s. Start it with `nova console`, or ask Flink SQL with `nova sql`."
                        .formatted(folder.dir())));
  }

  private void check() {
    if (json && csv) {
      throw new ParameterException(
          spec.commandLine(), "Options --json and --csv: found both, expected one.");
    }
    if (chart.isGiven() && (json || csv)) {
      throw new ParameterException(
          spec.commandLine(), "Found --chart, expected it without --json and --csv.");
    }
    if (maxRows < 1 || timeoutSeconds < 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Options --max-rows and --timeout: found %d and %d, expected 1 or more."
              .formatted(maxRows, timeoutSeconds));
    }
    if (pinSeconds < 0 || pinSeconds > LONGEST_PIN_SECONDS) {
      throw new ParameterException(
          spec.commandLine(),
          "Option --pin: found %d, expected 1 to %d.".formatted(pinSeconds, LONGEST_PIN_SECONDS));
    }
    if ((committed ? 1 : 0) + (cut.isEmpty() ? 0 : 1) + (pinSeconds == 0 ? 0 : 1) > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "Options --committed, --cut and --pin: found several, expected one. A pinned cut has its own rows.");
    }
  }

  private static String read(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private RowPrinter printer(PrintStream out) {
    if (json) {
      return new JsonPrinter(out);
    }
    return csv ? new CsvPrinter(out) : new TablePrinter(out);
  }

  private static void print(JsonNode answer, RowPrinter printer) {
    List<RowPrinter.Column> columns =
        answer
            .path("columns")
            .valueStream()
            .map(
                column ->
                    new RowPrinter.Column(
                        column.path("name").asText(), column.path("type").asText()))
            .toList();
    if (!answer.path("rows").isArray()) {
      throw new CommandException("The console's answer has no rows. Nothing is shown.");
    }
    printer.columns(columns);
    answer.path("rows").forEach(printer::row);
    printer.end();
  }

  private interface Notes {
    void line(String text);
  }

  /** What a reader must know of the rows goes to the error stream, away from the rows. */
  private void notes(JsonNode answer, Notes notes) {
    if (answer.path("truncated").asBoolean()) {
      int rows = answer.path("rows").size();
      notes.line(
          rows < maxRows
              ? "The answer is too long: rows after the first %d are left out, or a value is cut."
                  .formatted(rows)
              : "Only the first %d rows are shown; see --max-rows.".formatted(maxRows));
    }
    answer.path("bounds").forEach(bound -> notes.line(bound.asText()));
    answer.path("gaps").forEach(gap -> notes.line("Missing: " + gap.asText()));
    if (!json && !csv) {
      notes.line(
          "%d rows in %d ms".formatted(answer.path("rows").size(), answer.path("millis").asLong()));
    }
  }
}
