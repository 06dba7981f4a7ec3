package io.nova.console.chart;

import io.nova.console.chart.ChartSql.Series;
import io.nova.console.chart.ChartSql.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How often events happened, or how many users they had, over time or by a value.
 *
 * @param scope table and range
 * @param choice the events that count
 * @param measure what is counted
 * @param property the number of each event; only for a measure of a property
 * @param interval the width of a point on the axis
 * @param grouping the series, if there are several
 */
record SegmentationForm(
    ChartScope scope,
    EventChoice choice,
    Measure measure,
    Optional<EventField> property,
    Interval interval,
    Optional<Grouping> grouping)
    implements ChartForm {
  /** What is counted. */
  enum Measure {
    TOTALS("totals", "Events", "count(*)"),
    UNIQUES("uniques", "Users", "count(DISTINCT person)"),
    AVERAGE("average", "Events per user", "count(*) / nullif(count(DISTINCT person), 0)"),
    SUM("sum", "Sum", "sum(number) FILTER (WHERE isfinite(number))"),
    MEAN("mean", "Mean", "avg(number) FILTER (WHERE isfinite(number))"),
    MEDIAN("median", "Median", "median(number) FILTER (WHERE isfinite(number))");

    private final String word;
    private final String title;
    private final String sql;

    Measure(String word, String title, String sql) {
      this.word = word;
      this.title = title;
      this.sql = sql;
    }

    boolean ofUsers() {
      return this == UNIQUES || this == AVERAGE;
    }

    boolean ofProperty() {
      return this == SUM || this == MEAN || this == MEDIAN;
    }
  }

  /** The width of a point on the axis. */
  enum Interval {
    FIVE_MINUTES("5 minutes", 300),
    HOUR("hour", 3_600),
    DAY("day", 86_400),
    /** The whole range is one point. */
    WHOLE("whole", 0);

    private final String word;
    private final int seconds;

    Interval(String word, int seconds) {
      this.word = word;
      this.seconds = seconds;
    }

    /**
     * The begin of an event's interval, in UTC. DuckDB's time_bucket asks a calendar for each
     * event, which took 10 microseconds for intervals of a day.
     */
    private String begin() {
      return "to_timestamp(floor(epoch_us(event_time) / %d) * %d)"
          .formatted(seconds * 1_000_000L, seconds);
    }
  }

  static SegmentationForm read(FormReader form) {
    ChartScope scope = ChartScope.read(form);
    EventChoice choice = EventChoice.read(form);
    Measure measure =
        form.optionalChoice("measure", List.of(Measure.values()), each -> each.word)
            .orElse(Measure.TOTALS);
    Interval interval =
        form.optionalChoice("interval", List.of(Interval.values()), each -> each.word)
            .orElse(Interval.HOUR);
    Optional<EventField> property = form.optionalObject("property", EventField::read);
    if (measure.ofProperty() != property.isPresent()) {
      throw FormException.at(
          form.at("property"),
          property.map(EventField::name).orElse("nothing"),
          measure.ofProperty()
              ? "the property of which the %s is taken".formatted(measure.word)
              : "nothing with the measure " + measure.word);
    }
    return new SegmentationForm(scope, choice, measure, property, interval, Grouping.read(form));
  }

  @Override
  public ChartSql chart() {
    String title =
        "%s%s: %s%s%s"
            .formatted(
                measure.title,
                property.map(field -> " of " + field.name()).orElse(""),
                choice.name(),
                isWhole() ? "" : ", every " + interval.word,
                Grouping.name(grouping));
    return new ChartSql(title, sql(), series());
  }

  private boolean isWhole() {
    return interval == Interval.WHOLE;
  }

  private Series series() {
    Optional<String> group = grouping.map(each -> "series");
    return isWhole()
        ? new Series(Shape.BAR, group, Optional.of("value"), Optional.empty())
        : new Series(Shape.LINE, Optional.of("time"), Optional.of("value"), group);
  }

  private String sql() {
    List<String> keys = new ArrayList<>();
    if (!isWhole()) {
      keys.add("time");
    }
    grouping.ifPresent(each -> keys.add("series"));
    return grouping
        .map(each -> chosen() + largest(keys, each))
        .orElseGet(() -> chosen() + one(keys));
  }

  /** The events that count, with what the measure needs. */
  private String chosen() {
    List<String> columns = new ArrayList<>();
    if (!isWhole()) {
      columns.add(interval.begin() + " AS time");
    }
    grouping.ifPresent(each -> columns.add(each.column()));
    if (measure.ofUsers()) {
      columns.add(UserKey.SQL + " AS person");
    }
    property.ifPresent(field -> columns.add(field.number() + " AS number"));
    if (columns.isEmpty()) {
      columns.add("event_time");
    }
    List<String> conditions =
        Stream.concat(scope.conditions().stream(), choice.conditions().stream()).toList();
    return "WITH chosen AS (\n  SELECT%s\n  FROM %s%s\n)"
        .formatted(
            SqlText.columns(columns, "    "), scope.table(), SqlText.where(conditions, "  "));
  }

  private String one(List<String> keys) {
    return keys.isEmpty()
        ? "\nSELECT %s AS value FROM chosen".formatted(measure.sql)
        : "\nSELECT time, %s AS value FROM chosen GROUP BY time ORDER BY time"
            .formatted(measure.sql);
  }

  private String largest(List<String> keys, Grouping groups) {
    String names = String.join(", ", keys);
    return """
        ,
        points AS (
          SELECT %1$s, count(*) AS events, %2$s AS value
          FROM chosen
          GROUP BY %1$s
        ),
        largest AS (
          SELECT series FROM points GROUP BY series ORDER BY sum(events) DESC, series LIMIT %3$d
        )
        SELECT %1$s, value
        FROM points
        WHERE series IN (SELECT series FROM largest)
        ORDER BY %4$s"""
        .formatted(
            names,
            measure.sql,
            groups.most(),
            isWhole() ? "value DESC NULLS LAST, series" : "time, series");
  }
}
