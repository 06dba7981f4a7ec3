package io.nova.console.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The generated events see every rule: a statement with one rule broken has other rows on some of
 * the seeds. The rows of the whole statements are those of the oracle, as other tests say.
 */
class ChartRulesTest {
  private static final String TWO_STEPS =
      """
      {"kind": "funnel", "windowSeconds": 3, "steps": [{"events": ["A"]}, {"events": ["B"]}]}""";
  private static final String GROUPED =
      """
      {"kind": "funnel", "windowSeconds": 3, "groupBy": {"column": "country"},
       "from": "2026-11-20T10:00:03.5Z", "to": "2026-11-20T10:00:15Z",
       "steps": [{"events": ["A"]}, {"events": ["B"]}, {"events": ["C"]}]}""";
  private static final String SHARING =
      """
      {"kind": "funnel", "windowSeconds": 2, "groupBy": {"column": "country"},
       "steps": [{"events": ["A"]}, {"events": ["B", "A"]}, {"events": ["B"]}]}""";
  private static final String SEGMENTATION =
      """
      {"kind": "segmentation", "measure": "average", "interval": "5 minutes", "groups": 2,
       "groupBy": {"column": "country"}, "events": ["A", "(none)"],
       "filters": [{"field": {"event": "price"}, "test": "below", "values": ["4"]}]}""";
  private static final String SUM =
      """
      {"kind": "segmentation", "measure": "sum", "interval": "whole", "property": {"event": "price"},
       "filters": [{"field": {"column": "country"}, "test": "isNot", "values": ["FR"]}]}""";
  private static final String RETENTION =
      """
      {"kind": "retention", "days": 4, "start": {"events": ["A"]}, "return": {"events": ["B"]}}""";
  private static final String LATER =
      """
      {"kind": "retention", "days": 4, "mode": "onOrAfter", "start": {"events": ["A"]},
       "return": {"events": ["B"]}}""";

  /**
   * One broken rule.
   *
   * @param rule the rule in words
   * @param found the part of the statement that keeps it
   * @param broken what stands in its place
   */
  private record Broken(String rule, String form, String found, String broken, Duration span) {
    Broken(String rule, String form, String found, String broken) {
      this(rule, form, found, broken, Duration.ofSeconds(20));
    }

    @Override
    public String toString() {
      return rule;
    }
  }

  static Stream<Broken> rules() {
    Duration days = Duration.ofDays(6);
    Duration minutes = Duration.ofMinutes(17);
    return Stream.of(
        new Broken(
            "kinds of ids are apart",
            TWO_STEPS,
            "WHEN user_id <> '' THEN 'u'",
            "WHEN user_id <> '' THEN 'd'"),
        new Broken(
            "either order, one window",
            TWO_STEPS,
            "to_timestamp(floor(epoch_us(min(event_time) FILTER (WHERE step = 1)) / 1000000))",
            "min(event_time) FILTER (WHERE step = 1)"),
        new Broken(
            "order in one window", TWO_STEPS, "entry.first_entry <= entry.last_next", "true"),
        new Broken(
            "next window",
            TWO_STEPS,
            "following.first_next <= entry.last_entry",
            "false AND following.first_next <= entry.last_entry"),
        new Broken(
            "end of the window, aggregate",
            TWO_STEPS,
            "<= entry.last_entry + INTERVAL '3 seconds'",
            "< entry.last_entry + INTERVAL '3 seconds'"),
        new Broken(
            "either order, joins",
            GROUPED,
            "to_timestamp(floor(epoch_us(event_time) / 1000000)) AS second",
            "event_time AS second"),
        new Broken(
            "end of the window, joins",
            GROUPED,
            "earliest <= entered + INTERVAL '3 seconds'",
            "earliest < entered + INTERVAL '3 seconds'"),
        new Broken(
            "window begins with the entry",
            GROUPED,
            "earliest <= entered + INTERVAL '3 seconds'",
            "earliest <= before.second + INTERVAL '3 seconds'"),
        new Broken(
            "longest path first",
            GROUPED,
            "ORDER BY person, step DESC, entered",
            "ORDER BY person, entered"),
        new Broken(
            "then the earliest",
            GROUPED,
            "step DESC, entered, series",
            "step DESC, entered DESC, series"),
        new Broken("ties by the value", GROUPED, "entered, series\n", "entered, series DESC\n"),
        new Broken(
            "first step lies in the range",
            GROUPED,
            "event_type = 'A' AND event_time >= TIMESTAMPTZ '2026-11-20T10:00:03.500Z'",
            "event_type = 'A'"),
        new Broken(
            "range ends",
            GROUPED,
            "AND event_time < TIMESTAMPTZ '2026-11-20T10:00:15Z' THEN",
            "THEN"),
        new Broken(
            "later steps may be after the range",
            GROUPED,
            "event_time < TIMESTAMPTZ '2026-11-20T10:00:19Z'",
            "event_time < TIMESTAMPTZ '2026-11-20T10:00:15Z'"),
        new Broken(
            "first second of the range",
            GROUPED,
            "WHERE event_time >= TIMESTAMPTZ '2026-11-20T10:00:03Z'",
            "WHERE event_time >= TIMESTAMPTZ '2026-11-20T10:00:03.500Z'"),
        new Broken(
            "missing values are a group",
            GROUPED,
            "coalesce(country, '(none)') AS series",
            "coalesce(country, '') AS series"),
        new Broken("one event is one step", SHARING, "AND NOT list_contains(used, id)", ""),
        new Broken(
            "either order, recursion",
            SHARING,
            "to_timestamp(floor(epoch_us(event_time) / 1000000)) AS second",
            "event_time AS second"),
        new Broken(
            "end of the window, recursion",
            SHARING,
            "<= entered + INTERVAL '2 seconds'",
            "< entered + INTERVAL '2 seconds'"),
        new Broken(
            "every kind of event is tried",
            SHARING,
            "PARTITION BY used, hits.second, fits ORDER",
            "PARTITION BY used, hits.second ORDER"),
        new Broken(
            "users count once", SEGMENTATION, "count(DISTINCT person)", "count(person)", minutes),
        new Broken(
            "intervals", SEGMENTATION, "/ 300000000) * 300)", "/ 240000000) * 240)", minutes),
        new Broken("largest groups", SEGMENTATION, "sum(events) DESC", "sum(events)", minutes),
        new Broken(
            "missing event types",
            SEGMENTATION,
            "coalesce(event_type, '(none)')",
            "event_type",
            minutes),
        new Broken("NaN is no number", SUM, "FILTER (WHERE isfinite(number))", ""),
        new Broken(
            "missing is not equal", SUM, "coalesce(country, '(none)') NOT IN", "country NOT IN"),
        new Broken(
            "first start",
            RETENTION,
            "min(event_time) AS started",
            "max(event_time) AS started",
            days),
        new Broken(
            "floored to the hour",
            RETENTION,
            "to_timestamp(floor(epoch_us(min(event_time)) / 3600000000) * 3600) AS day0",
            "min(event_time) AS day0",
            days),
        new Broken("not before the start", RETENTION, "WHERE event_time >= started", "", days),
        new Broken(
            "24 hours",
            RETENTION,
            "floor(epoch(event_time - day0) / 86400)",
            "floor(epoch(event_time - day0) / 86000)",
            days),
        new Broken(
            "days that have begun", RETENTION, "floor(epoch(latest - day0) / 86400)", "999", days),
        new Broken(
            "days are floored",
            RETENTION,
            "floor(epoch(event_time - day0) / 86400)",
            "(epoch(event_time - day0) / 86400)",
            days),
        new Broken(
            "users count once a day",
            RETENTION,
            "count(DISTINCT person) AS returned",
            "count(person) AS returned",
            days),
        new Broken(
            "last return",
            LATER,
            "least(max(day), any_value(last_day))",
            "least(min(day), any_value(last_day))",
            days));
  }

  @ParameterizedTest
  @MethodSource("rules")
  void brokenRuleIsSeen(Broken rule) throws Exception {
    String sql = ChartForms.sql(rule.form());
    assertThat(sql).contains(rule.found());
    String broken = sql.replace(rule.found(), rule.broken());
    assertThat(LongStream.range(0, 12).anyMatch(seed -> differ(seed, rule.span(), sql, broken)))
        .as(broken)
        .isTrue();
  }

  private static boolean differ(long seed, Duration span, String sql, String broken) {
    List<ChartEvent> events = ChartSeeds.events(seed, 200, 12, span);
    try (ChartStore store = ChartStore.of(events)) {
      return !store.query(sql).equals(store.query(broken));
    } catch (Exception e) {
      throw new IllegalStateException(broken, e);
    }
  }
}
