package io.nova.console.chart;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** Pieces of SQL in DuckDB's dialect. Text of users becomes literals here and nowhere else. */
final class SqlText {
  private static final char NUL = 0;

  private SqlText() {}

  /**
   * A text as a literal. Only the quote is special in DuckDB's plain literals. A statement must not
   * contain NUL, so NUL becomes {@code chr(0)}.
   */
  static String literal(String text) {
    if (text.indexOf(NUL) < 0) {
      return quoted(text);
    }
    return List.of(text.split("\0", -1)).stream()
        .map(SqlText::quoted)
        .collect(Collectors.joining(" || chr(0) || ", "(", ")"));
  }

  private static String quoted(String text) {
    return "'" + text.replace("'", "''") + "'";
  }

  /** Literals in parentheses. */
  static String list(Collection<String> texts) {
    return texts.stream().map(SqlText::literal).collect(Collectors.joining(", ", "(", ")"));
  }

  /** A point in time. */
  static String instant(Instant time) {
    return "TIMESTAMPTZ '%s'".formatted(time);
  }

  /** All conditions as one; {@code true} if there is none. */
  static String all(Collection<String> conditions) {
    return conditions.isEmpty() ? "true" : String.join(" AND ", conditions);
  }

  /** A WHERE clause with one condition a line; each line has this indent. */
  static String where(Collection<String> conditions, String indent) {
    return conditions.isEmpty()
        ? ""
        : "\n%sWHERE %s".formatted(indent, String.join("\n%s  AND ".formatted(indent), conditions));
  }

  /** Columns of a SELECT, one a line; each line has this indent. */
  static String columns(Collection<String> columns, String indent) {
    return columns.stream().map(column -> "\n" + indent + column).collect(Collectors.joining(","));
  }
}
