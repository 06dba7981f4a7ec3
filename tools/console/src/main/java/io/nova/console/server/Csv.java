package io.nova.console.server;

import io.nova.console.ask.Answer;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Answers as CSV, after RFC 4180. An empty field is null, and {@code ""} is the empty text. A text
 * that a spreadsheet would run as a formula gets an apostrophe before it.
 */
final class Csv {
  private static final String LINE = "\r\n";

  private Csv() {}

  static String of(Answer answer) {
    StringBuilder csv = new StringBuilder();
    line(csv, answer.columns().stream().map(Answer.Column::name).toList());
    answer.rows().forEach(row -> line(csv, row));
    return csv.toString();
  }

  private static void line(StringBuilder csv, List<? extends @Nullable Object> row) {
    csv.append(row.stream().map(Csv::field).collect(Collectors.joining(","))).append(LINE);
  }

  private static String field(@Nullable Object value) {
    if (value == null) {
      return "";
    }
    if (value instanceof Number || value instanceof Boolean) {
      return value.toString();
    }
    String text = value.toString();
    String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
    boolean plain = !safe.isEmpty() && safe.chars().noneMatch(c -> "\",\r\n".indexOf(c) >= 0);
    return plain ? safe : '"' + safe.replace("\"", "\"\"") + '"';
  }
}
