package io.nova.bench;

import io.nova.bench.AlertRules.Rule;
import io.nova.fixtures.ReferencePage;
import io.nova.metric.NovaMetric;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The tables of the page about metrics. */
class MetricsPageTest {
  private static final String PAGE = "operations/metrics.md";

  @Test
  void pageHasEveryMetricOfTheJobWithItsAlarms() throws IOException {
    List<Rule> rules = AlertRules.all();
    hold("metrics of the job", table(rules, metric -> !metric.place().ofQuery()));
  }

  @Test
  void pageHasEveryMetricOfQueries() throws IOException {
    List<Rule> rules = AlertRules.all();
    hold("metrics of queries", table(rules, metric -> metric.place().ofQuery()));
  }

  @Test
  void pageHasEveryAlarm() throws IOException {
    String rows =
        AlertRules.all().stream()
            .map(
                rule ->
                    "| `%s` | %s | [runbook](runbook.md#%s) |\n"
                        .formatted(
                            rule.alert(),
                            rule.summary().replaceAll("\\{\\{ \\$value }}", "N"),
                            rule.anchor()))
            .collect(Collectors.joining());
    hold("alarms", "| alarm | means | see |\n|---|---|---|\n" + rows);
  }

  private static void hold(String part, String body) {
    ReferencePage.holdPart(PAGE, MetricsPageTest.class, part, body);
  }

  private static String table(List<Rule> rules, Predicate<NovaMetric> which) {
    return Arrays.stream(NovaMetric.values())
        .filter(which)
        .map(metric -> row(rules, metric))
        .collect(
            Collectors.joining(
                "",
                "| operator | name | kind | unit | meaning | alarm |\n|---|---|---|---|---|---|\n",
                ""));
  }

  private static String row(List<Rule> rules, NovaMetric metric) {
    Pattern name = Pattern.compile(metric.prometheusName() + "\\b");
    String alarms =
        rules.stream()
            .filter(rule -> name.matcher(rule.expression()).find())
            .map(rule -> "[%s](runbook.md#%s)".formatted(rule.alert(), rule.anchor()))
            .collect(Collectors.joining(", "));
    return "| `%s` | `%s` | %s | %s | %s | %s |\n"
        .formatted(
            metric.place().title(),
            metric.path(),
            metric.counter() ? "counter" : "gauge",
            metric.unit(),
            metric.meaning(),
            alarms);
  }
}
