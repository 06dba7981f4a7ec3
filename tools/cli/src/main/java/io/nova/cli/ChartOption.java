package io.nova.cli;

import io.nova.cli.chart.ChartKind;
import io.nova.cli.chart.ChartOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options that draw an answer. */
final class ChartOption {
  private static final int COLUMNS = 100;

  @Spec(Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--chart",
      paramLabel = "KIND",
      description =
          "Draws the answer in the terminal: line, bar or funnel. The first column is the axis of a"
              + " line or the label of a bar. A funnel has a row for each step.")
  private @Nullable ChartKind kind;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description = "With --chart: writes the chart to this file as well.")
  private @Nullable Path svg;

  boolean isGiven() {
    return kind != null;
  }

  /**
   * What draws an answer; empty without {@code --chart}.
   *
   * @throws ParameterException for {@code --svg} alone
   */
  Optional<ChartOutput> output(PrintStream out) {
    if (kind != null) {
      return Optional.of(
          new ChartOutput(
              out,
              kind,
              Optional.ofNullable(svg),
              Integer.getInteger("nova.columns", COLUMNS),
              isUnicode()));
    }
    if (svg != null) {
      throw new ParameterException(
          spec.commandLine(), "Found --svg alone, expected --chart line, bar or funnel with it.");
    }
    return Optional.empty();
  }

  /** Whether the terminal's letters are those of UTF-8; the launcher reports its character set. */
  private static boolean isUnicode() {
    return System.getProperty("nova.charset", "UTF-8").equalsIgnoreCase("UTF-8");
  }
}
