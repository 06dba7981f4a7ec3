package io.nova.console.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FunnelFormTest {
  static LongStream seeds() {
    return ChartSeeds.seeds();
  }

  /** A funnel of events of one type a step. */
  private static String form(int windowSeconds, String more, String... types) {
    return """
        {"kind": "funnel", "windowSeconds": %d, "steps": [%s]%s}"""
        .formatted(
            windowSeconds,
            Arrays.stream(types)
                .map("{\"events\": [\"%s\"]}"::formatted)
                .collect(Collectors.joining(", ")),
            more);
  }

  private static List<Predicate<ChartEvent>> steps(String... types) {
    List<Predicate<ChartEvent>> steps = new ArrayList<>();
    for (String type : types) {
      steps.add(event -> type.equals(event.type()));
    }
    return steps;
  }

  private static List<String> users(String form, ChartEvent... events) throws Exception {
    try (ChartStore store = ChartStore.of(List.of(events))) {
      String sql = ChartForms.sql(form);
      return store.query("SELECT step, users FROM (%s) ORDER BY step".formatted(sql));
    }
  }

  @Test
  void othersMayComeBetween() throws Exception {
    assertThat(
            users(
                form(60, "", "A", "B", "C"),
                ChartEvent.at("10:00:00", "A"),
                ChartEvent.at("10:00:01", "X"),
                ChartEvent.at("10:00:02", "B"),
                ChartEvent.at("10:00:03", "A"),
                ChartEvent.at("10:00:04", "C")))
        .containsExactly("1|1", "2|1", "3|1");
  }

  @Test
  void stepsHaveAnOrder() throws Exception {
    assertThat(
            users(
                form(60, "", "A", "B"),
                ChartEvent.at("10:00:01", "B"),
                ChartEvent.at("10:00:02", "A")))
        .containsExactly("1|1", "2|0");
  }

  @Test
  void eventsOfTheSameSecondCountInEitherOrder() throws Exception {
    assertThat(
            users(
                form(60, "", "A", "B"),
                ChartEvent.at("10:00:01.100", "B"),
                ChartEvent.at("10:00:01.900", "A"),
                ChartEvent.at("10:00:01.999", "B").by("late"),
                ChartEvent.at("10:00:02.000", "A").by("late")))
        .containsExactly("1|2", "2|1");
  }

  @Test
  void windowBeginsWithTheFirstStepAndIncludesItsEnd() throws Exception {
    assertThat(
            users(
                form(10, "", "A", "B", "C"),
                ChartEvent.at("10:00:00", "A").by("within"),
                ChartEvent.at("10:00:06", "B").by("within"),
                ChartEvent.at("10:00:10", "C").by("within"),
                ChartEvent.at("10:00:00", "A").by("beyond"),
                ChartEvent.at("10:00:06", "B").by("beyond"),
                ChartEvent.at("10:00:10.000001", "C").by("beyond")))
        .containsExactly("1|2", "2|2", "3|1");
  }

  @Test
  void everyFirstStepMayBeTheEntry() throws Exception {
    assertThat(
            users(
                form(10, "", "A", "B"),
                ChartEvent.at("10:00:00", "A"),
                ChartEvent.at("11:00:00", "A"),
                ChartEvent.at("11:00:05", "B")))
        .containsExactly("1|1", "2|1");
  }

  @Test
  void onlyTheFirstStepLiesInTheRange() throws Exception {
    String range = ", \"from\": \"2026-11-20T10:00:00.5Z\", \"to\": \"2026-11-20T10:01:00Z\"";
    assertThat(
            users(
                form(10, range, "A", "B"),
                ChartEvent.at("10:00:00.499", "A").by("early"),
                ChartEvent.at("10:00:05", "B").by("early"),
                ChartEvent.at("10:00:59.999999", "A").by("last"),
                ChartEvent.at("10:01:09", "B").by("last"),
                ChartEvent.at("10:00:00.1", "B").by("same second"),
                ChartEvent.at("10:00:00.6", "A").by("same second"),
                ChartEvent.at("10:01:00", "A").by("late"),
                ChartEvent.at("10:01:01", "B").by("late")))
        .containsExactly("1|2", "2|2");
  }

  @Test
  void oneEventIsOneStepAtMost() throws Exception {
    assertThat(
            users(
                form(10, "", "A", "A"),
                ChartEvent.at("10:00:00", "A").by("once"),
                ChartEvent.at("10:00:00", "A").by("twice"),
                ChartEvent.at("10:00:00", "A").by("twice")))
        .containsExactly("1|2", "2|1");
  }

  @Test
  void filtersOnTheSegmentApplyToTheFirstStep() throws Exception {
    String segment =
        """
        , "filters": [{"field": {"column": "country"}, "test": "is", "values": ["DE"]}]""";
    assertThat(
            users(
                form(10, segment, "A", "B"),
                ChartEvent.at("10:00:00", "A").in("DE").by("in"),
                ChartEvent.at("10:00:01", "B").in("FR").by("in"),
                ChartEvent.at("10:00:00", "A").in("FR").by("out"),
                ChartEvent.at("10:00:01", "B").in("DE").by("out")))
        .containsExactly("1|1", "2|1");
  }

  @Test
  void groupIsThatOfTheLongestPathThenOfTheEarliest() throws Exception {
    String grouped = ", \"groupBy\": {\"column\": \"country\"}";
    try (ChartStore store =
        ChartStore.of(
            List.of(
                ChartEvent.at("10:00:00", "A").in("short").by("longest"),
                ChartEvent.at("11:00:00", "A").in("long").by("longest"),
                ChartEvent.at("11:00:01", "B").by("longest"),
                ChartEvent.at("10:00:00", "A").in("first").by("earliest"),
                ChartEvent.at("10:00:01", "A").in("second").by("earliest"),
                ChartEvent.at("10:00:02", "B").by("earliest"),
                ChartEvent.at("10:00:00", "A").by("nowhere")))) {
      assertThat(store.rows(form(10, grouped, "A", "B")))
          .containsExactly(
              "(none)|1|A|1|100.000000|",
              "(none)|2|B|0|0.000000|0.000000",
              "first|1|A|1|100.000000|",
              "first|2|B|1|100.000000|100.000000",
              "long|1|A|1|100.000000|",
              "long|2|B|1|100.000000|100.000000");
    }
  }

  @Test
  void funnelWithoutEventsHasItsSteps() throws Exception {
    assertThat(users(form(10, "", "A", "B"))).containsExactly("1|0", "2|0");
    assertThat(users(form(10, "", "A", "A"))).containsExactly("1|0", "2|0");
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void twoStepsAreThoseOfTheOracle(long seed) throws Exception {
    List<ChartEvent> events = ChartSeeds.events(seed, 300, 14, Duration.ofSeconds(60));
    for (int window : new int[] {1, 2, 7, 30, 86_400}) {
      assertOne(events, window, "A", "B");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void moreStepsAreThoseOfTheOracle(long seed) throws Exception {
    List<ChartEvent> events = ChartSeeds.events(seed, 200, 14, Duration.ofSeconds(20));
    for (int window : new int[] {1, 3, 10, 86_400}) {
      assertOne(events, window, "A", "B", "C");
      assertOne(events, window, "B", "A", "D", "C");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void stepsThatShareEventsAreThoseOfTheOracle(long seed) throws Exception {
    List<ChartEvent> events = ChartSeeds.events(seed, 120, 9, Duration.ofSeconds(8));
    for (int window : new int[] {1, 3, 86_400}) {
      assertOne(events, window, "A", "A");
      assertOne(events, window, "A", "B", "A", "B");
    }
  }

  private static void assertOne(List<ChartEvent> events, int window, String... types)
      throws Exception {
    Map<String, List<Long>> right =
        ChartOracle.funnel(events, steps(types), Duration.ofSeconds(window), event -> "");
    List<String> rows = rows(List.of(types), right.getOrDefault("", zeros(types)), "");
    try (ChartStore store = ChartStore.of(events)) {
      assertThat(store.rows(form(window, "", types))).isEqualTo(rows);
    }
  }

  private static List<Long> zeros(String... types) {
    return Arrays.stream(types).map(type -> 0L).toList();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void groupsAndFiltersAreThoseOfTheOracle(long seed) throws Exception {
    List<ChartEvent> events = ChartSeeds.events(seed, 200, 9, Duration.ofSeconds(20));
    Instant from = ChartSeeds.START.plusSeconds(3).plusNanos(500_000_000);
    Instant to = ChartSeeds.START.plusSeconds(15);
    Predicate<ChartEvent> entry =
        event ->
            !event.time().isBefore(from)
                && event.time().isBefore(to)
                && !Objects.equals(event.country(), "FR");
    Predicate<ChartEvent> free =
        event -> Objects.equals(event.properties().get("price"), "\"free\"");
    // A step of any event may be an event of the other steps.
    List<Predicate<ChartEvent>> sharing =
        List.of(type("A").and(entry), free.negate(), type("B").or(type("A")));
    assertGrouped(
        events,
        sharing,
        """
        {"kind": "funnel", "windowSeconds": 5, "from": "%s", "to": "%s", "groups": 3,
         "groupBy": {"column": "country"},
         "filters": [{"field": {"column": "country"}, "test": "isNot", "values": ["FR"]}],
         "steps": [{"events": ["A"]},
                   {"filters": [
                     {"field": {"event": "price"}, "test": "isNot", "values": ["free"]}]},
                   {"events": ["B", "A"]}]}"""
            .formatted(from, to),
        List.of("A", "any event", "B or A"));
    List<Predicate<ChartEvent>> apart =
        List.of(type("A").and(entry), type("B").and(free.negate()), type("C").or(type("D")));
    assertGrouped(
        events,
        apart,
        """
        {"kind": "funnel", "windowSeconds": 5, "from": "%s", "to": "%s", "groups": 3,
         "groupBy": {"column": "country"},
         "filters": [{"field": {"column": "country"}, "test": "isNot", "values": ["FR"]}],
         "steps": [{"events": ["A"]},
                   {"events": ["B"], "filters": [
                     {"field": {"event": "price"}, "test": "isNot", "values": ["free"]}]},
                   {"events": ["C", "D"]}]}"""
            .formatted(from, to),
        List.of("A", "B", "C or D"));
  }

  private static Predicate<ChartEvent> type(String type) {
    return event -> type.equals(event.type());
  }

  private static void assertGrouped(
      List<ChartEvent> events, List<Predicate<ChartEvent>> steps, String form, List<String> names)
      throws Exception {
    Function<ChartEvent, String> country =
        event -> Objects.requireNonNullElse(event.country(), ChartOracle.NONE);
    Map<String, List<Long>> right =
        ChartOracle.funnel(events, steps, Duration.ofSeconds(5), country);
    Map<String, Long> sizes = new TreeMap<>();
    right.forEach((series, users) -> sizes.put(series, users.get(0)));
    List<String> rows = new ArrayList<>();
    for (String series : ChartOracle.largest(sizes, 3)) {
      rows.addAll(rows(names, Objects.requireNonNull(right.get(series)), series + "|"));
    }
    try (ChartStore store = ChartStore.of(events)) {
      assertThat(store.rows(form)).isEqualTo(rows);
    }
  }

  /** The rows of one series, with their percents. */
  private static List<String> rows(List<String> names, List<Long> users, String prefix) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < users.size(); i++) {
      rows.add(
          prefix
              + ChartStore.row(
                  Arrays.asList(
                      i + 1,
                      names.get(i),
                      users.get(i),
                      percent(users.get(i), users.get(0)),
                      i == 0 ? null : percent(users.get(i), users.get(i - 1)))));
    }
    return rows;
  }

  private static @Nullable Double percent(long part, long whole) {
    return whole == 0 ? null : 100.0 * part / whole;
  }
}
