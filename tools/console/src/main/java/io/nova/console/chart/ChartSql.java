package io.nova.console.chart;

import java.util.Optional;

/**
 * A chart as SQL.
 *
 * @param title what it shows, in words
 * @param sql one SELECT statement in DuckDB's dialect
 * @param series how its columns are drawn
 */
public record ChartSql(String title, String sql, Series series) {
  /**
   * How the columns are drawn.
   *
   * @param shape how the chart looks
   * @param x the column of the axis; empty if the statement has one row
   * @param y the column of the values; empty for a table
   * @param group the column of the series; empty if there is one
   */
  public record Series(
      Shape shape, Optional<String> x, Optional<String> y, Optional<String> group) {}

  /** How a chart looks. */
  public enum Shape {
    /** Lines over time. */
    LINE("line"),
    /** A bar for each value of {@code x}. */
    BAR("bar"),
    /** Bars that get shorter with each step. */
    FUNNEL("funnel"),
    /** A line over days. */
    RETENTION("retention"),
    /** Rows. */
    TABLE("table");

    private final String word;

    Shape(String word) {
      this.word = word;
    }

    /** The word of the page. */
    public String word() {
      return word;
    }
  }
}
