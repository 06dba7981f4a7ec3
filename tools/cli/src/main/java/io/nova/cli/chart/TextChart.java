package io.nova.cli.chart;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Draws series as lines of text, without colors, so that a pipe or a file may take them.
 *
 * @param columns the width in characters, at least 40
 * @param unicode whether block letters may be used; otherwise ASCII only
 */
record TextChart(int columns, boolean unicode) {
  private static final int LEAST_COLUMNS = 40;
  private static final int HEIGHT = 10;
  private static final int LOW_HEIGHT = 4;
  private static final int WIDEST_LABEL = 28;
  private static final String UPWARD = " ▁▂▃▄▅▆▇█";
  private static final String ACROSS = " ▏▎▍▌▋▊▉█";
  private static final int PARTS = 8;
  private static final DecimalFormatSymbols SIGNS = DecimalFormatSymbols.getInstance(Locale.US);

  TextChart {
    columns = Math.max(columns, LEAST_COLUMNS);
  }

  List<String> lines(ChartKind kind, List<ChartSeries> all) {
    List<String> lines = new ArrayList<>();
    double most = greatest(all);
    double least = Math.min(0, least(all));
    for (ChartSeries series : all) {
      if (!series.name().isEmpty()) {
        lines.add(plain(series.name(), columns));
      }
      lines.addAll(
          switch (kind) {
            case LINE -> area(series, all, least, most);
            case BAR -> bars(series, most);
            case FUNNEL -> funnel(series, greatest(List.of(series)));
          });
    }
    return lines;
  }

  private static double greatest(List<ChartSeries> all) {
    return all.stream()
        .flatMap(series -> series.points().stream())
        .mapToDouble(ChartSeries.Point::value)
        .max()
        .orElse(0);
  }

  private static double least(List<ChartSeries> all) {
    return all.stream()
        .flatMap(series -> series.points().stream())
        .mapToDouble(ChartSeries.Point::value)
        .min()
        .orElse(0);
  }

  /** Columns that rise from the axis. All series have the same axes, one below the other. */
  private List<String> area(ChartSeries series, List<ChartSeries> all, double least, double most) {
    int height = all.size() == 1 ? HEIGHT : LOW_HEIGHT;
    String top = number(most);
    String bottom = number(least);
    int margin = Math.max(top.length(), bottom.length());
    ChartAxis axis = ChartAxis.of(all, columns - margin - 2);
    double[] cells = axis.means(series);
    List<String> lines = new ArrayList<>();
    for (int row = height - 1; row >= 0; row--) {
      String label = row == height - 1 ? top : row == 0 ? bottom : "";
      lines.add(
          "%s %s%s"
              .formatted(
                  right(label, margin),
                  unicode ? "│" : "|",
                  row(cells, axis.cellColumns(), row, height, least, most))
              .stripTrailing());
    }
    lines.add(" ".repeat(margin + 2) + ends(axis));
    return lines;
  }

  private String row(
      double[] cells, int cellColumns, int row, int height, double least, double most) {
    StringBuilder line = new StringBuilder();
    for (double value : cells) {
      double share = most > least ? (value - least) / (most - least) : 0;
      long parts =
          Double.isNaN(value) ? 0 : Math.round(share * height * PARTS) - (long) row * PARTS;
      // A value that is there has one part at least.
      long shown = row == 0 && !Double.isNaN(value) ? Math.max(1, parts) : parts;
      line.append(letter(UPWARD, shown).repeat(cellColumns));
    }
    return line.toString();
  }

  private String letter(String letters, long parts) {
    int index = (int) Math.max(0, Math.min(PARTS, parts));
    if (unicode) {
      return letters.substring(index, index + 1);
    }
    return index >= PARTS / 2 ? "#" : index > 0 ? "." : " ";
  }

  private static String ends(ChartAxis axis) {
    String first = plain(axis.first(), WIDEST_LABEL);
    String last = plain(axis.last(), WIDEST_LABEL);
    int gap = axis.columns() - width(first) - width(last);
    return first.equals(last) || gap < 1 ? first : first + " ".repeat(gap) + last;
  }

  private List<String> bars(ChartSeries series, double most) {
    int label = widest(series);
    int value = series.points().stream().mapToInt(p -> number(p.value()).length()).max().orElse(0);
    int room = Math.max(1, columns - label - value - 4);
    return series.points().stream()
        .map(
            point ->
                "%s  %s %s"
                    .formatted(
                        left(plain(point.label(), WIDEST_LABEL), label),
                        right(number(point.value()), value),
                        bar(point.value(), most, room))
                    .stripTrailing())
        .toList();
  }

  private List<String> funnel(ChartSeries series, double most) {
    int label = widest(series);
    int value = series.points().stream().mapToInt(p -> number(p.value()).length()).max().orElse(0);
    int room = Math.max(1, columns - label - value - 23);
    List<String> lines = new ArrayList<>();
    lines.add("%s  %s  of first  of previous".formatted(left("step", label), right("", value)));
    double first = series.points().isEmpty() ? 0 : series.points().get(0).value();
    double before = first;
    for (ChartSeries.Point point : series.points()) {
      lines.add(
          "%s  %s  %s   %s  %s"
              .formatted(
                  left(plain(point.label(), WIDEST_LABEL), label),
                  right(number(point.value()), value),
                  right(percent(point.value(), first), 8),
                  right(percent(point.value(), before), 8),
                  bar(point.value(), most, room - 4))
              .stripTrailing());
      before = point.value();
    }
    return lines;
  }

  private static String percent(double part, double whole) {
    return whole > 0 ? "%.1f %%".formatted(100 * part / whole) : "";
  }

  private static int widest(ChartSeries series) {
    return Math.max(
        "step".length(),
        series.points().stream()
            .mapToInt(point -> width(plain(point.label(), WIDEST_LABEL)))
            .max()
            .orElse(0));
  }

  private String bar(double value, double most, int room) {
    if (value <= 0 || most <= 0) {
      return "";
    }
    long parts = Math.max(1, Math.round(value / most * Math.max(1, room) * PARTS));
    String full = letter(ACROSS, PARTS).repeat((int) (parts / PARTS));
    String rest = parts % PARTS == 0 ? "" : letter(ACROSS, parts % PARTS);
    return full + rest;
  }

  /** A number with at most three digits after the point. */
  static String number(double value) {
    double size = Math.abs(value);
    boolean isPlain = value == 0 || (size >= 1e-3 && size < 1e15);
    return new DecimalFormat(isPlain ? "#,##0.###" : "0.###E0", SIGNS).format(value);
  }

  /**
   * A text on one line. Letters that steer a terminal or turn the direction become dots, so that no
   * value changes what is around it.
   */
  static String plain(String text, int most) {
    StringBuilder plain = new StringBuilder();
    text.codePoints().limit(most + 1L).map(TextChart::visible).forEach(plain::appendCodePoint);
    return width(plain.toString()) <= most
        ? plain.toString()
        : plain.substring(0, plain.offsetByCodePoints(0, most - 2)) + "..";
  }

  private static int visible(int letter) {
    return switch (Character.getType(letter)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          '.';
      default -> letter;
    };
  }

  private static int width(String text) {
    return text.codePointCount(0, text.length());
  }

  private static String left(String text, int width) {
    return text + " ".repeat(Math.max(0, width - width(text)));
  }

  private static String right(String text, int width) {
    return " ".repeat(Math.max(0, width - width(text))) + text;
  }
}
