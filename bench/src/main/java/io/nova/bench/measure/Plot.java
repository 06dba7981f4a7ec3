package io.nova.bench.measure;

import io.nova.cli.chart.SvgFile;
import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** A plot as an SVG file. */
public final class Plot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;
  private static final BasicStroke THIN = new BasicStroke(0.5f);

  private final Chart<?, ?> chart;
  private final String description;

  private Plot(Chart<?, ?> chart, String description) {
    this.chart = chart;
    this.description = description;
    Styler style = chart.getStyler();
    style.setLegendPosition(Styler.LegendPosition.OutsideS);
    style.setLegendLayout(Styler.LegendLayout.Horizontal);
    style.setChartBackgroundColor(Color.WHITE);
  }

  /** A line for each series, over time. */
  public static Plot lines(String title, String yAxis, Map<String, List<RateCurve.Point>> series) {
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("seconds")
            .yAxisTitle(yAxis)
            .build();
    chart.getStyler().setYAxisMin(0.0).setXAxisMin(0.0).setYAxisDecimalPattern("#,###");
    chart.getStyler().setXAxisDecimalPattern("#,###");
    series.forEach(
        (name, points) -> {
          if (!points.isEmpty()) {
            chart
                .addSeries(
                    name,
                    points.stream().map(RateCurve.Point::seconds).toList(),
                    points.stream().map(RateCurve.Point::count).toList())
                .setMarker(SeriesMarkers.NONE);
          }
        });
    chart.getStyler().setPlotGridLinesStroke(THIN);
    return new Plot(
        chart, "%s of %s over seconds".formatted(yAxis, String.join(", ", series.keySet())));
  }

  /**
   * Groups of bars.
   *
   * @param groups their names
   * @param series the height of the bar in each group, by the name of the series
   */
  public static Plot bars(
      String title, String yAxis, List<String> groups, Map<String, List<Double>> series) {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .yAxisTitle(yAxis)
            .build();
    chart.getStyler().setXAxisLabelRotation(20);
    series.forEach((name, heights) -> chart.addSeries(name, groups, heights));
    chart.getStyler().setPlotGridLinesStroke(THIN);
    return new Plot(
        chart,
        "%s of %s: %s"
            .formatted(yAxis, String.join(", ", series.keySet()), String.join(", ", groups)));
  }

  /** Writes the file; its folder is created. */
  public void write(Path file) throws IOException {
    SvgFile.write(chart, description, file);
  }
}
