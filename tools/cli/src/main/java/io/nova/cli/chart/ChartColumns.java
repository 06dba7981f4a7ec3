package io.nova.cli.chart;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.process.CommandException;
import io.nova.cli.sql.RowPrinter.Column;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which columns of an answer are drawn. A column is one of numbers if each of its values is a
 * number or NULL.
 *
 * @param columns the columns of the answer
 * @param rows the values, as JSON arrays
 */
record ChartColumns(List<Column> columns, List<JsonNode> rows) {
  private static final String NONE = "(none)";

  /**
   * The series of a chart.
   *
   * @throws CommandException if the answer has not the columns that the chart needs
   */
  List<ChartSeries> series(ChartKind kind) {
    return switch (kind) {
      case LINE -> lines();
      case BAR -> bars();
      case FUNNEL -> funnel();
    };
  }

  private List<ChartSeries> lines() {
    List<Integer> texts = indexes(1, false);
    List<Integer> numbers = indexes(1, true);
    if (columns.size() < 2 || numbers.isEmpty() || texts.size() > 1) {
      throw unfit(
          ChartKind.LINE,
          "first a column of times, numbers or texts, then columns of numbers, and at most one"
              + " column of texts that names the series");
    }
    if (texts.isEmpty()) {
      return numbers.stream()
          .map(
              column ->
                  new ChartSeries(
                      numbers.size() == 1 ? "" : columns.get(column).name(),
                      points(rows, 0, column)))
          .toList();
    }
    return grouped(texts.get(0), 0, numbers.get(0));
  }

  private List<ChartSeries> bars() {
    List<Integer> numbers = indexes(1, true);
    if (numbers.isEmpty()) {
      throw unfit(ChartKind.BAR, "first a column of labels, then a column of numbers");
    }
    return List.of(new ChartSeries("", points(rows, 0, numbers.get(0))));
  }

  /** A row for each step, or one row with a number for each step. */
  private List<ChartSeries> funnel() {
    List<Integer> texts = indexes(0, false);
    if (texts.isEmpty() && rows.size() == 1 && columns.size() > 1) {
      return List.of(new ChartSeries("", stepsOfColumns()));
    }
    OptionalInt users =
        texts.isEmpty()
            ? OptionalInt.empty()
            : indexes(texts.get(texts.size() - 1), true).stream().mapToInt(i -> i).findFirst();
    if (users.isEmpty() || texts.size() > 2) {
      throw unfit(
          ChartKind.FUNNEL,
          "a row for each step with its name in a column of texts and after it its number, or one"
              + " row with a number for each step");
    }
    return texts.size() == 1
        ? List.of(new ChartSeries("", points(rows, texts.get(0), users.getAsInt())))
        : grouped(texts.get(0), texts.get(1), users.getAsInt());
  }

  private List<ChartSeries.Point> stepsOfColumns() {
    return IntStream.range(0, columns.size())
        .mapToObj(
            i -> new ChartSeries.Point(columns.get(i).name(), i, rows.get(0).path(i).asDouble()))
        .toList();
  }

  private List<ChartSeries> grouped(int group, int label, int value) {
    Map<String, List<JsonNode>> series =
        rows.stream()
            .collect(
                Collectors.groupingBy(
                    row -> text(row.path(group)), LinkedHashMap::new, Collectors.toList()));
    List<ChartSeries> all = new ArrayList<>();
    series.forEach((name, own) -> all.add(new ChartSeries(name, points(own, label, value))));
    return all;
  }

  /** The points of rows. A row without a value has none. */
  private List<ChartSeries.Point> points(List<JsonNode> of, int label, int value) {
    List<ChartSeries.Point> points = new ArrayList<>();
    for (int row = 0; row < of.size(); row++) {
      JsonNode number = of.get(row).path(value);
      if (number.isNumber() && Double.isFinite(number.asDouble())) {
        JsonNode place = of.get(row).path(label);
        points.add(
            new ChartSeries.Point(text(place), position(place).orElse(row), number.asDouble()));
      }
    }
    return points;
  }

  private static String text(JsonNode value) {
    if (value.isNull()) {
      return NONE;
    }
    return value.isValueNode() ? value.asText() : value.toString();
  }

  private static OptionalDouble position(JsonNode value) {
    if (value.isNumber()) {
      return OptionalDouble.of(value.asDouble());
    }
    return value.isTextual() ? time(value.textValue()) : OptionalDouble.empty();
  }

  /** Milliseconds since 1970 of a time as Flink and DuckDB write it. */
  private static OptionalDouble time(String text) {
    try {
      String iso = text.replace(' ', 'T');
      if (iso.length() == "2026-11-20".length()) {
        return position(LocalDate.parse(iso).atStartOfDay(ZoneOffset.UTC).toInstant());
      }
      boolean hasZone = iso.matches(".*(Z|[+-]\\d\\d(:\\d\\d)?)");
      return position(OffsetDateTime.parse(hasZone ? iso : iso + "Z").toInstant());
    } catch (DateTimeParseException e) {
      return OptionalDouble.empty();
    }
  }

  private static OptionalDouble position(Instant time) {
    return OptionalDouble.of((double) time.toEpochMilli());
  }

  /** The columns from an index that hold numbers, or those that do not. */
  private List<Integer> indexes(int from, boolean numbers) {
    return IntStream.range(from, columns.size())
        .filter(column -> isNumbers(column) == numbers)
        .boxed()
        .toList();
  }

  private boolean isNumbers(int column) {
    return rows.stream().allMatch(row -> row.path(column).isNumber() || row.path(column).isNull())
        && rows.stream().anyMatch(row -> row.path(column).isNumber());
  }

  private CommandException unfit(ChartKind kind, String expected) {
    String found =
        columns.stream()
            .map(column -> "%s %s".formatted(column.name(), column.type()))
            .collect(Collectors.joining(", "));
    return new CommandException(
        "Chart %s of %,d rows: found the columns %s, expected %s. Nothing was drawn."
            .formatted(kind.word(), rows.size(), found, expected));
  }
}
