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
import java.util.stream.IntStream;
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
    List<String> names = names(all);
    return IntStream.range(0, all.size())
        .mapToObj(
            i ->
                "%s %s"
                    .formatted(
                        names.get(i),
                        all.get(i).points().stream()
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
    List<String> names = names(all);
    for (int i = 0; i < all.size(); i++) {
      List<ChartSeries.Point> points = all.get(i).points();
      if (!points.isEmpty()) {
        chart
            .addSeries(
                names.get(i),
                points.stream().map(ChartSeries.Point::position).toList(),
                points.stream().map(ChartSeries.Point::value).toList())
            .setMarker(points.size() == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
      }
    }
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
    all.forEach(series -> series.points().forEach(point -> labels.add(point.label())));
    List<String> shown = unique(labels.stream().map(SvgChart::shown).toList());
    List<String> names = names(all);
    for (int i = 0; i < all.size(); i++) {
      List<ChartSeries.Point> points = all.get(i).points();
      List<Double> values = new ArrayList<>();
      for (String label : labels) {
        values.add(
            points.stream()
                .filter(point -> point.label().equals(label))
                .mapToDouble(ChartSeries.Point::value)
                .sum());
      }
      if (!labels.isEmpty()) {
        chart.addSeries(names.get(i), shown, values);
      }
    }
    return chart;
  }

  /** The names of the series, each different: XChart takes no name twice. */
  private static List<String> names(List<ChartSeries> all) {
    return unique(
        all.stream()
            .map(series -> series.name().isEmpty() ? "value" : shown(series.name()))
            .toList());
  }

  /** Texts that were equal, also because they were cut, get a number: "a", "a (2)". */
  private static List<String> unique(List<String> texts) {
    Set<String> unique = new LinkedHashSet<>();
    for (String text : texts) {
      String next = text;
      for (int number = 2; !unique.add(next); number++) {
        next = "%s (%d)".formatted(text, number);
      }
    }
    return List.copyOf(unique);
  }

  private static String shown(String text) {
    return TextChart.plain(text, LONGEST_NAME);
  }
}
