package io.nova.cli.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.RowPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Draws the rows of an answer as text, and as an SVG file if one is named. It keeps all rows until
 * the end. For one thread.
 *
 * <p>An answer with rows that have not the columns that the chart needs is a {@link
 * CommandException}.
 */
public final class ChartOutput implements RowPrinter {
  private static final int MOST_ROWS = 100_000;

  private final PrintStream out;
  private final ChartKind kind;
  private final Optional<Path> svg;
  private final TextChart text;
  private final List<JsonNode> rows = new ArrayList<>();
  private List<Column> columns = List.of();

  /**
   * A chart of one answer.
   *
   * @param svg the file that is written as well
   * @param width characters of a line
   * @param unicode whether block letters may be used; otherwise ASCII only
   */
  public ChartOutput(
      PrintStream out, ChartKind kind, Optional<Path> svg, int width, boolean unicode) {
    this.out = out;
    this.kind = kind;
    this.svg = svg;
    this.text = new TextChart(width, unicode);
  }

  /** Draws an answer whose rows are JSON arrays with a value for each column. */
  public void draw(List<Column> names, Iterable<JsonNode> values) {
    columns(names);
    values.forEach(this::row);
    end();
  }

  @Override
  public void columns(List<Column> names) {
    columns = names;
    rows.clear();
  }

  @Override
  public void row(JsonNode fields) {
    if (rows.size() == MOST_ROWS) {
      throw new CommandException(
          "Chart %s: found more than %,d rows, expected at most as many. Nothing was drawn."
              .formatted(kind.word(), MOST_ROWS));
    }
    rows.add(fields);
  }

  @Override
  public void end() {
    if (rows.isEmpty()) {
      out.println("The answer has no rows. Nothing was drawn.");
      return;
    }
    ChartColumns chosen = new ChartColumns(columns, rows);
    List<ChartSeries> series = chosen.series(kind);
    text.lines(kind, series).forEach(out::println);
    long leftOut = chosen.leftOut(kind);
    if (leftOut > 0) {
      out.println(
          "Rows left out: %,d. Found no time and no number in column %s there."
              .formatted(leftOut, columns.get(0).name()));
    }
    svg.ifPresent(file -> write(file, series));
    out.flush();
  }

  private void write(Path file, List<ChartSeries> series) {
    try {
      SvgFile.write(SvgChart.of(kind, series), SvgChart.description(kind, series), file);
    } catch (IOException e) {
      throw new CommandException("%s cannot be written: %s".formatted(file, e), e);
    }
  }
}
