package io.nova.console.chart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The SQL of a funnel, in one of three forms with the same answer:
 *
 * <ul>
 *   <li>Two steps without groups: an aggregate by user and window. A step that follows within the
 *       window lies in the same window or in the next. Fast, since it sorts nothing.
 *   <li>Steps of different event types: each step joins the next one that follows. The earliest
 *       next step is always best, so one is enough.
 *   <li>Steps that share events: a recursion tries the events of the earliest second. An event that
 *       is a step already is left out.
 * </ul>
 *
 * <p>The second of a time comes from its microseconds. DuckDB's date_trunc asks a calendar.
 *
 * @param form the funnel
 */
record FunnelSql(FunnelForm form) {
  String sql() {
    if (!form.stepsAreDistinct()) {
      return recursion() + longest() + counts();
    }
    return form.steps().size() == 2 && form.grouping().isEmpty()
        ? aggregate() + counts()
        : joins() + longest() + counts();
  }

  private boolean isGrouped() {
    return form.grouping().isPresent();
  }

  /** {@code ", series"} in a grouped funnel. */
  private String series() {
    return isGrouped() ? ", series" : "";
  }

  private int last() {
    return form.steps().size();
  }

  /** The conditions of a step; step 1 lies in the range. */
  private String step(int number) {
    List<String> conditions = form.steps().get(number - 1).conditions();
    return SqlText.all(number == 1 ? joined(conditions, form.scope().bounds()) : conditions);
  }

  private static List<String> joined(Collection<String> first, Collection<String> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  /** All events that may be a step. */
  private String read(List<String> columns) {
    List<String> all = new ArrayList<>();
    all.add(UserKey.SQL + " AS person");
    all.add("event_time");
    all.addAll(columns);
    form.grouping().ifPresent(each -> all.add(each.column()));
    return "SELECT%s\n    FROM %s%s"
        .formatted(
            SqlText.columns(all, "      "),
            form.scope().table(),
            SqlText.where(
                joined(form.scope().conditions(form.window()), EventChoice.ofAny(form.steps())),
                "    "));
  }

  private String numberOfStep() {
    return IntStream.rangeClosed(1, last())
        .mapToObj(number -> "\n        WHEN %s THEN %d".formatted(step(number), number))
        .collect(Collectors.joining("", "CASE", "\n      END AS step"));
  }

  private String window() {
    return "INTERVAL '%d seconds'".formatted(form.window().toSeconds());
  }

  private String aggregate() {
    return """
        WITH windows AS (
          SELECT
            person,
            floor(epoch_us(event_time) / %3$d) AS number,
            to_timestamp(floor(epoch_us(min(event_time) FILTER (WHERE step = 1)) / 1000000)) AS first_entry,
            max(event_time) FILTER (WHERE step = 1) AS last_entry,
            min(event_time) FILTER (WHERE step = 2) AS first_next,
            max(event_time) FILTER (WHERE step = 2) AS last_next
          FROM (
            %2$s
          )
          WHERE person IS NOT NULL AND step IS NOT NULL
          GROUP BY person, number
        ),
        people AS (
          SELECT
            entry.person,
            bool_or(
              coalesce(entry.first_entry <= entry.last_next, false)
              OR coalesce(following.first_next <= entry.last_entry + %1$s, false)
            ) AS converted
          FROM windows AS entry
          LEFT JOIN windows AS following
            ON following.person = entry.person AND following.number = entry.number + 1
          WHERE entry.first_entry IS NOT NULL
          GROUP BY entry.person
        ),
        ends AS (
          SELECT if(converted, 2, 1) AS step, count(*) AS users FROM people GROUP BY step
        )"""
        .formatted(
            window(),
            read(List.of(numberOfStep())),
            TimeUnit.SECONDS.toMicros(form.window().toSeconds()));
  }

  private String joins() {
    StringBuilder sql = new StringBuilder();
    sql.append(
        """
        WITH hits AS MATERIALIZED (
          SELECT *, to_timestamp(floor(epoch_us(event_time) / 1000000)) AS second
          FROM (
            %s
          )
          WHERE person IS NOT NULL AND step IS NOT NULL
        ),
        step1 AS (
          SELECT DISTINCT person, event_time AS entered, second%s FROM hits WHERE step = 1
        )"""
            .formatted(read(List.of(numberOfStep())), series()));
    for (int number = 2; number <= last(); number++) {
      sql.append(
          """
          ,
          step%1$d AS (
            SELECT before.person, entered, next.second%3$s
            FROM step%2$d AS before
            ASOF JOIN (
              SELECT person, second, min(event_time) AS earliest
              FROM hits
              WHERE step = %1$d
              GROUP BY person, second
            ) AS next
            ON before.person = next.person AND before.second <= next.second
            WHERE earliest <= entered + %4$s
          )"""
              .formatted(number, number - 1, series(), window()));
    }
    sql.append(
        IntStream.rangeClosed(1, last())
            .mapToObj(
                number ->
                    "  SELECT person, entered%s, %d AS step FROM step%d"
                        .formatted(series(), number, number))
            .collect(Collectors.joining("\n  UNION ALL\n", ",\npaths AS (\n", "\n)")));
    return sql.toString();
  }

  private String recursion() {
    String fits =
        IntStream.rangeClosed(1, last())
            .mapToObj(this::step)
            .collect(Collectors.joining(",\n        ", "[\n        ", "\n      ] AS fits"));
    return """
        WITH RECURSIVE hits AS MATERIALIZED (
          SELECT *, to_timestamp(floor(epoch_us(event_time) / 1000000)) AS second, row_number() OVER () AS id
          FROM (
            %1$s
          )
          WHERE person IS NOT NULL AND list_contains(fits, true)
        ),
        paths AS (
          SELECT person, event_time AS entered%2$s, 1 AS step, second, [id] AS used
          FROM hits
          WHERE fits[1]
          UNION ALL
          SELECT person, entered%2$s, step, second, used
          FROM (
            SELECT
              paths.person, entered%3$s, paths.step + 1 AS step, hits.second,
              list_append(used, id) AS used,
              min(hits.second) OVER (PARTITION BY used) AS earliest,
              row_number() OVER (
                PARTITION BY used, hits.second, fits ORDER BY event_time, id
              ) AS choice
            FROM paths
            JOIN hits
              ON hits.person = paths.person
              AND hits.second >= paths.second
              AND hits.event_time <= entered + %4$s
              AND hits.fits[paths.step + 1]
              AND NOT list_contains(used, id)
            WHERE paths.step < %5$d
          )
          WHERE second = earliest AND choice = 1
        )"""
        .formatted(
            read(List.of(fits)), series(), isGrouped() ? ", paths.series" : "", window(), last());
  }

  /** The longest path of each user. */
  private String longest() {
    return isGrouped()
        ? """
        ,
        longest AS (
          SELECT DISTINCT ON (person) person, step, series
          FROM paths
          ORDER BY person, step DESC, entered, series
        ),
        ends AS (
          SELECT series, step, count(*) AS users FROM longest GROUP BY series, step
        )"""
        : """
        ,
        longest AS (
          SELECT person, max(step) AS step FROM paths GROUP BY person
        ),
        ends AS (
          SELECT step, count(*) AS users FROM longest GROUP BY step
        )""";
  }

  /** Users who came to a step are those whose path ends there or later. */
  private String counts() {
    String names =
        IntStream.rangeClosed(1, last())
            .mapToObj(
                number ->
                    "(%d, %s)"
                        .formatted(number, SqlText.literal(form.steps().get(number - 1).name())))
            .collect(Collectors.joining(", "));
    return form.grouping().map(each -> groupedCounts(names, each)).orElseGet(() -> counts(names));
  }

  private static String counts(String names) {
    return """
        ,
        counts AS (
          SELECT
            steps.step, event,
            coalesce(sum(users) FILTER (WHERE ends.step >= steps.step), 0)::BIGINT AS users
          FROM (VALUES %s) AS steps(step, event)
          LEFT JOIN ends ON true
          GROUP BY steps.step, event
        )
        SELECT
          step, event, users,
          100 * users / nullif(first_value(users) OVER (ORDER BY step), 0) AS percent_of_first,
          100 * users / nullif(lag(users) OVER (ORDER BY step), 0) AS percent_of_previous
        FROM counts
        ORDER BY step"""
        .formatted(names);
  }

  private static String groupedCounts(String names, Grouping groups) {
    return """
        ,
        largest AS (
          SELECT series, sum(users) AS entered
          FROM ends
          GROUP BY series
          ORDER BY entered DESC, series
          LIMIT %2$d
        ),
        counts AS (
          SELECT
            series, entered, steps.step, event,
            coalesce(sum(users) FILTER (WHERE ends.step >= steps.step), 0)::BIGINT AS users
          FROM ends
          JOIN largest USING (series)
          CROSS JOIN (VALUES %1$s) AS steps(step, event)
          GROUP BY series, entered, steps.step, event
        )
        SELECT
          series, step, event, users,
          100 * users / nullif(first_value(users) OVER one, 0) AS percent_of_first,
          100 * users / nullif(lag(users) OVER one, 0) AS percent_of_previous
        FROM counts
        WINDOW one AS (PARTITION BY series ORDER BY step)
        ORDER BY entered DESC, series, step"""
        .formatted(names, groups.most());
  }
}
