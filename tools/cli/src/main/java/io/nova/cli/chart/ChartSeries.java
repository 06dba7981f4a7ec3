package io.nova.cli.chart;

import java.util.List;

/**
 * Points of one name.
 *
 * @param name shown beside the points; empty if there is one series
 * @param points in the order of the answer
 */
record ChartSeries(String name, List<Point> points) {
  /**
   * A value with its place.
   *
   * @param label the place in words
   * @param position the place on the axis: milliseconds since 1970, a number, or the row
   */
  record Point(String label, double position, double value) {}

  /** Keeps a copy. */
  ChartSeries {
    points = List.copyOf(points);
  }
}
