package io.nova.cli.chart;

import java.util.Arrays;
import java.util.List;

/**
 * The axis below lines of text. It is divided into cells of equal width.
 *
 * @param from the least position
 * @param step the positions of one cell
 * @param cells number of cells
 * @param cellColumns characters of each cell
 * @param first the label of the least position
 * @param last the label of the greatest position
 */
record ChartAxis(double from, double step, int cells, int cellColumns, String first, String last) {
  /** Cells as fine as the points are, if there is room. */
  static ChartAxis of(List<ChartSeries> all, int room) {
    List<ChartSeries.Point> points =
        all.stream()
            .flatMap(series -> series.points().stream())
            .sorted(ChartAxis::compare)
            .toList();
    if (points.isEmpty()) {
      return new ChartAxis(0, 1, 1, room, "", "");
    }
    ChartSeries.Point first = points.get(0);
    ChartSeries.Point last = points.get(points.size() - 1);
    double span = last.position() - first.position();
    double finest = finest(points, span);
    int cells = (int) Math.max(1, Math.min(room, Math.round(span / finest) + 1));
    double step = cells == 1 ? 1 : span / (cells - 1);
    return new ChartAxis(
        first.position(), step, cells, Math.max(1, room / cells), first.label(), last.label());
  }

  private static int compare(ChartSeries.Point one, ChartSeries.Point other) {
    return Double.compare(one.position(), other.position());
  }

  /** The least distance of two points; the whole span without one. */
  private static double finest(List<ChartSeries.Point> sorted, double span) {
    double finest = span > 0 ? span : 1;
    for (int i = 1; i < sorted.size(); i++) {
      double distance = sorted.get(i).position() - sorted.get(i - 1).position();
      finest = distance > 0 ? Math.min(finest, distance) : finest;
    }
    return finest;
  }

  /** The mean of the values in each cell; NaN without a value. */
  double[] means(ChartSeries series) {
    double[] sums = new double[cells];
    int[] counts = new int[cells];
    for (ChartSeries.Point point : series.points()) {
      int cell = (int) Math.min(cells - 1, Math.round((point.position() - from) / step));
      sums[cell] += point.value();
      counts[cell]++;
    }
    double[] means = new double[cells];
    Arrays.setAll(means, cell -> counts[cell] == 0 ? Double.NaN : sums[cell] / counts[cell]);
    return means;
  }

  int columns() {
    return cells * cellColumns;
  }
}
