package io.nova.console.ask;

import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a question.
 *
 * @param columns names and types of the columns
 * @param rows the values: null, Boolean, Number, or text. Times are ISO-8601 in UTC
 * @param truncated whether rows are left out, or a value is cut
 * @param bounds sentences on tables that hold a part only, such as the last 24 hours
 * @param millis time from question to answer in milliseconds
 * @param rowsRead number of rows in the tables that were read
 * @param bytesRead size in bytes of the files that were read
 * @param readToken JSON that describes the cut, as the column {@code read_token} in Flink SQL
 * @param gaps the events that the cut may lack, in words; empty if it is complete
 */
public record Answer(
    List<Column> columns,
    List<List<@Nullable Object>> rows,
    boolean truncated,
    List<String> bounds,
    long millis,
    long rowsRead,
    long bytesRead,
    String readToken,
    List<String> gaps) {
  /** Characters of all values after which an answer ends: it must fit into the process. */
  public static final long MOST_CHARS = 16L << 20;

  /**
   * A column.
   *
   * @param type DuckDB's name of the type
   */
  public record Column(String name, String type) {}

  /** Keeps the lists. */
  public Answer {
    columns = List.copyOf(columns);
    rows = Collections.unmodifiableList(rows);
    bounds = List.copyOf(bounds);
    gaps = List.copyOf(gaps);
  }
}
