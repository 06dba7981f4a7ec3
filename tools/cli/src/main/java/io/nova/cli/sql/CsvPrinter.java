package io.nova.cli.sql;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Prints rows as CSV with a line of names, as RFC 4180 describes it. A null is empty, and an empty
 * text is quoted. For one thread.
 */
public final class CsvPrinter implements RowPrinter {
  private static final Pattern QUOTED = Pattern.compile("(?s).*[\",\r\n].*|");
  private static final String END = "\r\n";

  private final PrintStream out;

  /** Prints to a stream. */
  public CsvPrinter(PrintStream out) {
    this.out = out;
  }

  @Override
  public void columns(List<Column> names) {
    print(names.stream().map(Column::name).map(CsvPrinter::quoted).toList());
  }

  @Override
  public void row(JsonNode fields) {
    ArrayList<String> values = new ArrayList<>();
    for (JsonNode field : fields) {
      values.add(
          field.isNull() ? "" : quoted(field.isValueNode() ? field.asText() : field.toString()));
    }
    print(values);
  }

  private void print(List<String> values) {
    out.print(String.join(",", values) + END);
  }

  private static String quoted(String text) {
    return QUOTED.matcher(text).matches() ? '"' + text.replace("\"", "\"\"") + '"' : text;
  }

  @Override
  public void end() {
    out.flush();
  }
}
