package io.nova.judge.record;

/**
 * One key of an export record.
 *
 * @param name its name in the record
 * @param fit the values that fit into its column
 * @param place the place of its column among the 55, from 0
 */
public record ExportKey(String name, Fit fit, int place) {
  /** The values that fit into a column. */
  public enum Fit {
    TEXT,
    INTEGER,
    DOUBLE,
    BOOLEAN,
    TIME,
    JSON
  }

  /** The name of its column. */
  public String column() {
    return columnOf(name);
  }

  /** The name of a key's column. */
  static String columnOf(String name) {
    return name.startsWith("$") ? name.substring(1) : name;
  }
}
