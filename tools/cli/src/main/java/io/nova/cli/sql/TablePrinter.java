package io.nova.cli.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Prints rows as a table with borders. The widths are those of the first 2,000 rows; a wider value
 * after these shifts the rest of its line. A value of more than 60 characters is cut and ends with
 * an ellipsis; {@link JsonPrinter} prints whole values. For one thread.
 */
public final class TablePrinter implements RowPrinter {
  private static final int MEASURED_ROWS = 2_000;
  private static final int WIDEST = 60;

  private final PrintStream out;
  private final List<List<String>> firstRows = new ArrayList<>();
  private List<Column> columns = List.of();
  private List<Integer> widths = List.of();

  /** Prints to a stream. */
  public TablePrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void columns(List<Column> names) {
    columns = names;
  }

  @Override
  public void row(JsonNode fields) {
    ArrayList<String> row = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      row.add(text(fields.path(i)));
    }
    if (widths.isEmpty()) {
      keep(row);
    } else {
      print(row);
    }
  }

  private void keep(List<String> row) {
    firstRows.add(row);
    if (firstRows.size() == MEASURED_ROWS) {
      measure();
    }
  }

  @Override
  public void end() {
    if (widths.isEmpty()) {
      measure();
    }
    border();
    out.flush();
  }

  private void measure() {
    ArrayList<Integer> measured = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      int column = i;
      int widest = firstRows.stream().mapToInt(row -> width(row.get(column))).max().orElse(0);
      measured.add(Math.max(widest, width(columns.get(i).name())));
    }
    widths = measured;
    border();
    print(columns.stream().map(Column::name).toList());
    border();
    firstRows.forEach(this::print);
    firstRows.clear();
  }

  private void border() {
    StringBuilder line = new StringBuilder("+");
    widths.forEach(width -> line.append("-".repeat(width + 2)).append('+'));
    out.println(line);
  }

  private void print(List<String> row) {
    StringBuilder line = new StringBuilder("|");
    for (int i = 0; i < row.size(); i++) {
      String padding = " ".repeat(Math.max(0, widths.get(i) - width(row.get(i))));
      String cell = columns.get(i).numeric() ? padding + row.get(i) : row.get(i) + padding;
      line.append(' ').append(cell).append(" |");
    }
    out.println(line);
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  /** A cell's text; line breaks and tabs are escaped. */
  private static String text(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "NULL";
    }
    String text = value.isValueNode() ? value.asText() : value.toString();
    return cut(text.replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t"));
  }

  private static String cut(String text) {
    return width(text) <= WIDEST
        ? text
        : text.substring(0, text.offsetByCodePoints(0, WIDEST - 1)) + "…";
  }
}
