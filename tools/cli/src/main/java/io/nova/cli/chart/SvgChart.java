package io.nova.cli.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.internal.chartpart.Chart;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Series as a chart of XChart. */
final class SvgChart {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 480;
  private static final int LONGEST_NAME = 40;
  private static final BasicStroke THIN = new BasicStroke(0.5f);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("MM-dd HH:mm");

  private SvgChart() {}

  /** The chart, and what it shows in words. */
  static Chart<?, ?> of(ChartKind kind, List<ChartSeries> all) {
    Chart<?, ?> chart = kind == ChartKind.LINE ? lines(all) : bars(kind, all);
    Styler style = chart.getStyler();
    style.setLegendPosition(Styler.LegendPosition.OutsideS);
    style.setLegendLayout(Styler.LegendLayout.Horizontal);
    style.setLegendVisible(all.size() > 1);
    style.setChartBackgroundColor(Color.WHITE);
    return chart;
  }

  /** The values in words. */
  static String description(ChartKind kind, List<ChartSeries> all) {
    return all.stream()
        .map(
            series ->
                "%s %s"
                    .formatted(
                        name(series),
                        series.points().stream()
                            .map(
                                point ->
                                    "%s: %s"
                                        .formatted(
                                            shown(point.label()), TextChart.number(point.value())))
                            .collect(Collectors.joining(", "))))
        .collect(Collectors.joining(". ", "A " + kind.word() + " chart. ", "."));
  }

  private static Chart<?, ?> lines(List<ChartSeries> all) {
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).build();
    all.stream()
        .filter(series -> !series.points().isEmpty())
        .forEach(
            series ->
                chart
                    .addSeries(
                        name(series),
                        series.points().stream().map(ChartSeries.Point::position).toList(),
                        series.points().stream().map(ChartSeries.Point::value).toList())
                    .setMarker(
                        series.points().size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE));
    chart.getStyler().setPlotGridLinesStroke(THIN);
    if (isTime(all)) {
      chart.setCustomXAxisTickLabelsFormatter(
          millis -> TIME.format(Instant.ofEpochMilli(millis.longValue()).atOffset(ZoneOffset.UTC)));
    }
    return chart;
  }

  /** Positions after 1971 that have labels other than themselves are times. */
  private static boolean isTime(List<ChartSeries> all) {
    return all.stream()
        .flatMap(series -> series.points().stream())
        .allMatch(point -> point.label().matches("\\d{4}-\\d\\d-\\d\\d.*"));
  }

  private static Chart<?, ?> bars(ChartKind kind, List<ChartSeries> all) {
    CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT).build();
    chart.getStyler().setXAxisLabelRotation(kind == ChartKind.BAR ? 30 : 0);
    chart.getStyler().setPlotGridLinesStroke(THIN);
    chart.getStyler().setLabelsVisible(true);
    Set<String> labels = new LinkedHashSet<>();
    all.forEach(series -> series.points().forEach(point -> labels.add(shown(point.label()))));
    for (ChartSeries series : all) {
      List<Double> values = new ArrayList<>();
      for (String label : labels) {
        values.add(
            series.points().stream()
                .filter(point -> shown(point.label()).equals(label))
                .mapToDouble(ChartSeries.Point::value)
                .sum());
      }
      if (!labels.isEmpty()) {
        chart.addSeries(name(series), List.copyOf(labels), values);
      }
    }
    return chart;
  }

  private static String name(ChartSeries series) {
    return series.name().isEmpty() ? "value" : shown(series.name());
  }

  private static String shown(String text) {
    return TextChart.plain(text, LONGEST_NAME);
  }
}
