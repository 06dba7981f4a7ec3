package io.nova.console.chart;

import io.nova.console.chart.ChartSql.Series;
import io.nova.console.chart.ChartSql.Shape;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How many users come back. The start of a user is the first start event in the range. A day is 24
 * hours, and day 0 begins at the start, floored to the hour. A return is at the start or after it.
 *
 * <p>The statement counts a user for a day only if that day has begun at the latest upload time of
 * the table.
 *
 * @param scope table and range of the start
 * @param start events that begin
 * @param back events that count as a return
 * @param later whether a return on a later day counts as well
 * @param days the last day
 */
record RetentionForm(ChartScope scope, EventChoice start, EventChoice back, boolean later, int days)
    implements ChartForm {
  private static final int PRESET_DAYS = 7;
  private static final int MOST_DAYS = 366;
  private static final List<String> MODES = List.of("on", "onOrAfter");

  static RetentionForm read(FormReader form) {
    return new RetentionForm(
        ChartScope.read(form),
        form.object("start", EventChoice::read),
        form.object("return", EventChoice::read),
        form.optionalChoice("mode", MODES, mode -> mode).orElse("on").equals("onOrAfter"),
        form.number("days", PRESET_DAYS, 0, MOST_DAYS));
  }

  @Override
  public ChartSql chart() {
    return new ChartSql(
        "Retention: %s, then %s %s"
            .formatted(
                start.name(), back.name(), later ? "on a day or later" : "on exactly that day"),
        sql(),
        new Series(Shape.RETENTION, Optional.of("day"), Optional.of("percent"), Optional.empty()));
  }

  private String sql() {
    return """
        WITH starts AS (
          SELECT person, min(event_time) AS started, to_timestamp(floor(epoch_us(min(event_time)) / 3600000000) * 3600) AS day0
          FROM (
            SELECT %1$s AS person, event_time
            FROM %2$s%3$s
          )
          WHERE person IS NOT NULL
          GROUP BY person
        ),
        begun AS (
          SELECT person, started, day0,
            greatest(0, least(%5$d, floor(epoch(latest - day0) / 86400)))::INTEGER AS last_day
          FROM starts, (SELECT max(upload_time) AS latest FROM %2$s)
        ),
        returns AS (
          SELECT person, floor(epoch(event_time - day0) / 86400)::INTEGER AS day, last_day
          FROM (
            SELECT %1$s AS person, event_time
            FROM %2$s%4$s
          )
          JOIN begun USING (person)
          WHERE event_time >= started
        ),
        days AS (
          SELECT day, count(*) AS users
          FROM (SELECT unnest(range(0, last_day + 1))::INTEGER AS day FROM begun)
          GROUP BY day
        ),
        returned AS (
          %6$s
        )
        SELECT day, users, coalesce(returned, 0) AS returned,
          100 * coalesce(returned, 0) / users AS percent
        FROM days
        LEFT JOIN returned USING (day)
        ORDER BY day"""
        .formatted(
            UserKey.SQL,
            scope.table(),
            SqlText.where(with(start, scope.conditions()), "    "),
            SqlText.where(with(back, scope.conditionsWithoutEnd()), "    "),
            days,
            later ? onOrAfter() : on());
  }

  private static List<String> with(EventChoice choice, List<String> range) {
    return Stream.concat(range.stream(), choice.conditions().stream()).toList();
  }

  /** An event time may lie after the latest upload time. Its day has no such user then. */
  private static String on() {
    return """
        SELECT day, count(DISTINCT person) AS returned
          FROM returns
          WHERE day <= last_day
          GROUP BY day""";
  }

  /** A user whose last return is on some day counts for that day and all before it. */
  private static String onOrAfter() {
    return """
        SELECT day, count(*) AS returned
          FROM (
            SELECT unnest(range(0, least(max(day), any_value(last_day)) + 1))::INTEGER AS day
            FROM returns
            GROUP BY person
          )
          GROUP BY day""";
  }
}
