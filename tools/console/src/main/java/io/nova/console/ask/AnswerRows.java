package io.nova.console.ask;

import io.nova.console.ask.Answer.Column;
import java.sql.Array;
import java.sql.Blob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Struct;
import java.sql.Timestamp;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result as plain values.
 *
 * @param columns names and types
 * @param rows the values, see {@link Answer#rows()}
 * @param truncated whether the result has more rows
 */
record AnswerRows(List<Column> columns, List<List<@Nullable Object>> rows, boolean truncated) {
  /** Characters after which a value is cut: a row must fit into an answer. */
  private static final int LONGEST_TEXT = 1 << 20;

  /**
   * Reads a result up to a number of rows.
   *
   * @throws SQLException if the statement fails or is cancelled
   */
  static AnswerRows read(ResultSet result, int maxRows) throws SQLException {
    ResultSetMetaData meta = result.getMetaData();
    ArrayList<Column> columns = new ArrayList<>();
    for (int i = 1; i <= meta.getColumnCount(); i++) {
      columns.add(new Column(meta.getColumnLabel(i), meta.getColumnTypeName(i)));
    }
    List<List<@Nullable Object>> rows = new ArrayList<>();
    while (result.next()) {
      if (rows.size() == maxRows) {
        return new AnswerRows(columns, rows, true);
      }
      List<@Nullable Object> row = new ArrayList<>(columns.size());
      for (int i = 1; i <= columns.size(); i++) {
        row.add(plain(result.getObject(i)));
      }
      rows.add(row);
    }
    return new AnswerRows(columns, rows, false);
  }

  private static @Nullable Object plain(@Nullable Object value) throws SQLException {
    if (value == null || value instanceof Boolean) {
      return value;
    }
    if (value instanceof Double || value instanceof Float) {
      double real = ((Number) value).doubleValue();
      return Double.isFinite(real) ? value : (Object) Double.toString(real);
    }
    if (value instanceof Number) {
      return value;
    }
    if (value instanceof OffsetDateTime time) {
      return time.withOffsetSameInstant(ZoneOffset.UTC).toInstant().toString();
    }
    if (value instanceof Timestamp time) {
      return time.toLocalDateTime().toString();
    }
    if (value instanceof LocalDateTime time) {
      return time.toString();
    }
    String text = text(value);
    return text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT);
  }

  private static String text(Object value) throws SQLException {
    if (value instanceof Array array) {
      return list(Arrays.asList((@Nullable Object[]) array.getArray()));
    }
    if (value instanceof Struct struct) {
      return list(Arrays.asList(struct.getAttributes()));
    }
    if (value instanceof Map<?, ?> map) {
      ArrayList<String> entries = new ArrayList<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        entries.add("%s=%s".formatted(plain(entry.getKey()), plain(entry.getValue())));
      }
      return "{%s}".formatted(String.join(", ", entries));
    }
    if (value instanceof Blob blob) {
      return HexFormat.of().formatHex(blob.getBytes(1, (int) Math.min(blob.length(), 1 << 16)));
    }
    return value.toString();
  }

  private static String list(List<? extends @Nullable Object> values) throws SQLException {
    ArrayList<String> texts = new ArrayList<>();
    for (Object value : values) {
      texts.add(String.valueOf(plain(value)));
    }
    return "[%s]".formatted(String.join(", ", texts));
  }
}
