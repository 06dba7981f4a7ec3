package io.nova.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nova.bench.AlertRules.Rule;
import io.nova.metric.NovaMetric;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alert rules and board agree with the runbook and with the list of metrics. */
class AlertRulesTest {
  private static final Path CASES =
      AlertRules.FILE.resolveSibling(Path.of("tests", "nova-rules-test.yaml"));
  private static final Path BOARD = Path.of("..", "deploy", "grafana", "nova.json");
  private static final Path RUNBOOK = Path.of("..", "docs", "operations", "runbook.md");
  private static final String RUNBOOK_LINK = "docs/operations/runbook.md#";
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");

  /** Names of Nova's metrics in Prometheus, those of Flink not. */
  private static final Pattern OF_NOVA = Pattern.compile("flink_\\w+?_(?:nova|deserializer)_\\w+");

  @Test
  void everyAlarmLeadsToItsHeadingInTheRunbook() throws IOException {
    Set<String> headings =
        HEADING
            .matcher(Files.readString(RUNBOOK))
            .results()
            .map(heading -> anchorOf(heading.group(1)))
            .collect(Collectors.toSet());
    List<Rule> rules = AlertRules.all();
    assertThat(rules).hasSizeGreaterThan(10).doesNotHaveDuplicates();
    assertThat(rules)
        .allSatisfy(
            rule -> {
              assertThat(rule.runbook()).as(rule.alert()).startsWith(RUNBOOK_LINK);
              assertThat(headings).as(rule.alert()).contains(rule.anchor());
              assertThat(rule.summary()).as(rule.alert()).endsWith(".");
              assertThat(rule.expression()).as(rule.alert()).contains("flink_");
            });
  }

  private static String anchorOf(String heading) {
    return heading.toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
  }

  @Test
  void rulesAndBoardNameMetricsOfTheListOnly() throws IOException {
    Set<String> known =
        Arrays.stream(NovaMetric.values())
            .map(NovaMetric::prometheusName)
            .collect(Collectors.toSet());
    assertThat(namesIn(AlertRules.FILE)).isNotEmpty().isSubsetOf(known);
    assertThat(namesIn(BOARD)).isNotEmpty().isSubsetOf(known);
  }

  @Test
  void theBoardShowsEveryMetricOfTheJob() throws IOException {
    assertThat(new ObjectMapper().readTree(BOARD.toFile()).path("panels")).isNotEmpty();
    assertThat(namesIn(BOARD))
        .containsAll(
            Arrays.stream(NovaMetric.values())
                .filter(metric -> !metric.place().ofQuery())
                .map(NovaMetric::prometheusName)
                .toList());
  }

  private static Set<String> namesIn(Path file) throws IOException {
    return OF_NOVA
        .matcher(Files.readString(file))
        .results()
        .map(found -> found.group())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Debian's package prometheus has promtool. Nothing else of the build needs it. */
  @Test
  void promtoolAcceptsTheRules() throws Exception {
    promtool("check", "rules", AlertRules.FILE.toString());
  }

  @Test
  void everyAlarmFiresAndStaysQuietOnSeriesThatAreMadeForIt() throws Exception {
    promtool("test", "rules", CASES.toString());
  }

  private static void promtool(String... words) throws Exception {
    assumeTrue(installed("promtool"), "promtool is not installed: the rules were not given to it");
    List<String> command = Stream.concat(Stream.of("promtool"), Arrays.stream(words)).toList();
    Process promtool = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(promtool.waitFor()).as(output).isZero();
    assertThat(output).contains("SUCCESS");
  }

  @Test
  void everyAlarmHasACaseInWhichItFiresAndOneInWhichItDoesNot() throws IOException {
    Map<Boolean, Set<String>> cases =
        AlertRules.yaml(CASES)
            .at("/tests")
            .valueStream()
            .flatMap(one -> one.path("alert_rule_test").valueStream())
            .collect(
                Collectors.partitioningBy(
                    one -> one.path("exp_alerts").isEmpty(),
                    Collectors.mapping(
                        one -> one.path("alertname").asText(),
                        Collectors.toCollection(TreeSet::new))));
    Set<String> alarms =
        AlertRules.all().stream().map(Rule::alert).collect(Collectors.toCollection(TreeSet::new));
    assertThat(cases.get(false)).as("fires").isEqualTo(alarms);
    assertThat(cases.get(true)).as("stays quiet").isEqualTo(alarms);
  }

  private static boolean installed(String program) {
    return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
