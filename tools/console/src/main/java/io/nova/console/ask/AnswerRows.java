package io.nova.console.ask;

import io.nova.console.ask.Answer.Column;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a result as plain values.
 *
 * @param columns names and types
 * @param rows the values, see {@link Answer#rows()}
 * @param truncated whether the result has more rows, or a value is cut
 * @param chars the size of the values: characters of texts, and 8 of each other value
 */
record AnswerRows(
    List<Column> columns, List<List<@Nullable Object>> rows, boolean truncated, long chars) {
  /**
   * Reads a result up to a number of rows, or until its texts are too long.
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
    PlainValues values = new PlainValues();
    long chars = 0;
    while (result.next()) {
      if (rows.size() == maxRows || chars > Answer.MOST_CHARS) {
        return new AnswerRows(columns, rows, true, chars);
      }
      List<@Nullable Object> row = new ArrayList<>(columns.size());
      for (int i = 1; i <= columns.size(); i++) {
        Object value = values.plain(result.getObject(i));
        chars += value instanceof String text ? text.length() : Long.BYTES;
        row.add(value);
      }
      rows.add(row);
    }
    return new AnswerRows(columns, rows, values.cut(), chars);
  }
}
