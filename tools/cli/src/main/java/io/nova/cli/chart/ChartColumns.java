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
import java.util.HashMap;
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
   * A row with its place on the axis.
   *
   * @param position empty if the row is left out
   */
  private record Placed(JsonNode row, OptionalDouble position) {}

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

  /** Rows without a position on an axis where other rows have one. They are not drawn. */
  long leftOut(ChartKind kind) {
    return kind == ChartKind.LINE
        ? onAxis(true).stream().filter(placed -> placed.position().isEmpty()).count()
        : 0;
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
                      points(onAxis(false), 0, column)))
          .toList();
    }
    return grouped(onAxis(true), texts.get(0), 0, numbers.get(0));
  }

  private List<ChartSeries> bars() {
    List<Integer> numbers = indexes(1, true);
    if (numbers.isEmpty()) {
      throw unfit(ChartKind.BAR, "first a column of labels, then a column of numbers");
    }
    return List.of(new ChartSeries("", points(inOrder(), 0, numbers.get(0))));
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
        ? List.of(new ChartSeries("", points(inOrder(), texts.get(0), users.getAsInt())))
        : grouped(inOrder(), texts.get(0), texts.get(1), users.getAsInt());
  }

  private List<ChartSeries.Point> stepsOfColumns() {
    return IntStream.range(0, columns.size())
        .mapToObj(
            i -> new ChartSeries.Point(columns.get(i).name(), i, rows.get(0).path(i).asDouble()))
        .toList();
  }

  /**
   * The rows on the axis of the first column: times and numbers, or texts if it has neither.
   *
   * @param isShared whether equal texts have one place, that of the first; otherwise each row has
   *     its own
   */
  private List<Placed> onAxis(boolean isShared) {
    if (rows.stream().anyMatch(row -> position(row.path(0)).isPresent())) {
      return rows.stream().map(row -> new Placed(row, position(row.path(0)))).toList();
    }
    if (!isShared) {
      return inOrder();
    }
    Map<String, Integer> places = new HashMap<>();
    rows.forEach(row -> places.putIfAbsent(text(row.path(0)), places.size()));
    return rows.stream()
        .map(row -> new Placed(row, OptionalDouble.of(places.getOrDefault(text(row.path(0)), 0))))
        .toList();
  }

  private List<Placed> inOrder() {
    return IntStream.range(0, rows.size())
        .mapToObj(row -> new Placed(rows.get(row), OptionalDouble.of(row)))
        .toList();
  }

  private static List<ChartSeries> grouped(List<Placed> placed, int group, int label, int value) {
    Map<String, List<Placed>> series =
        placed.stream()
            .collect(
                Collectors.groupingBy(
                    each -> text(each.row().path(group)), LinkedHashMap::new, Collectors.toList()));
    List<ChartSeries> all = new ArrayList<>();
    series.forEach((name, own) -> all.add(new ChartSeries(name, points(own, label, value))));
    return all;
  }

  /** The points of rows. A row without a value or a position has none. */
  private static List<ChartSeries.Point> points(List<Placed> of, int label, int value) {
    List<ChartSeries.Point> points = new ArrayList<>();
    for (Placed placed : of) {
      JsonNode number = placed.row().path(value);
      if (number.isNumber() && Double.isFinite(number.asDouble())) {
        String text = text(placed.row().path(label));
        placed
            .position()
            .ifPresent(at -> points.add(new ChartSeries.Point(text, at, number.asDouble())));
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
