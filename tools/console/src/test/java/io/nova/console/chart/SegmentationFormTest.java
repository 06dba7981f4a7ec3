package io.nova.console.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SegmentationFormTest {
  private static final Map<String, Duration> INTERVALS =
      Map.of(
          "5 minutes",
          Duration.ofMinutes(5),
          "hour",
          Duration.ofHours(1),
          "day",
          Duration.ofDays(1));
  private static final List<String> MEASURES =
      List.of("totals", "uniques", "average", "sum", "mean", "median");

  static LongStream seeds() {
    return ChartSeeds.seeds();
  }

  private static List<String> rows(String form, ChartEvent... events) throws Exception {
    try (ChartStore store = ChartStore.of(List.of(events))) {
      return store.rows(form);
    }
  }

  @Test
  void usersAreCountedOnceInEachInterval() throws Exception {
    assertThat(
            rows(
                """
                {"kind": "segmentation", "measure": "uniques", "interval": "5 minutes"}""",
                ChartEvent.at("10:00:00", "A"),
                ChartEvent.at("10:04:59.999999", "B"),
                ChartEvent.at("10:05:00", "A"),
                ChartEvent.at("10:05:00", "A").by("v")))
        .containsExactly("2026-11-20T10:00:00Z|1", "2026-11-20T10:05:00Z|2");
  }

  @Test
  void userIsNamedByTheFirstIdThatIsThere() throws Exception {
    String form =
        """
        {"kind": "segmentation", "measure": "uniques", "interval": "whole"}""";
    assertThat(
            rows(
                form,
                ChartEvent.at("10:00:00", "A").of(7L, "u", "d"),
                ChartEvent.at("10:00:00", "A").of(7L, null, "e"),
                ChartEvent.at("10:00:00", "A").of(null, "7", "d"),
                ChartEvent.at("10:00:00", "A").of(null, "7", "e"),
                ChartEvent.at("10:00:00", "A").of(null, null, "7"),
                ChartEvent.at("10:00:00", "A").of(null, "", "7"),
                ChartEvent.at("10:00:00", "A").of(null, null, null)))
        .containsExactly("3");
  }

  @Test
  void numbersAndTextsOfNumbersAreSummed() throws Exception {
    assertThat(
            rows(
                """
                {"kind": "segmentation", "measure": "sum", "interval": "whole",
                 "property": {"event": "price"}}""",
                ChartEvent.at("10:00:00", "A").with("price", "5"),
                ChartEvent.at("10:00:00", "A").with("price", "\"2.5\""),
                ChartEvent.at("10:00:00", "A").with("price", "\"free\""),
                ChartEvent.at("10:00:00", "A").with("price", "\"nan\""),
                ChartEvent.at("10:00:00", "A").with("price", "\"inf\""),
                ChartEvent.at("10:00:00", "A").with("price", "null"),
                ChartEvent.at("10:00:00", "A")))
        .containsExactly("7.500000");
  }

  @Test
  void onlyTheLargestGroupsAreShownAndMissingIsOne() throws Exception {
    assertThat(
            rows(
                """
                {"kind": "segmentation", "interval": "whole", "groups": 2,
                 "groupBy": {"event": "[Segment] \\"plan\\".a/b~c"}}""",
                ChartEvent.at("10:00:00", "A"),
                ChartEvent.at("10:00:00", "A"),
                ChartEvent.at("10:00:00", "A").with("[Segment] \"plan\".a/b~c", "\"x\""),
                ChartEvent.at("10:00:00", "A").with("[Segment] \"plan\".a/b~c", "\"x\""),
                ChartEvent.at("10:00:00", "A").with("[Segment] \"plan\".a/b~c", "\"x\""),
                ChartEvent.at("10:00:00", "A").with("[Segment] \"plan\".a/b~c", "\"y\"")))
        .containsExactly("x|3", "(none)|2");
  }

  @Test
  void propertiesThatDuckDbCannotReadAreMissing() throws Exception {
    assertThat(
            rows(
                """
                {"kind": "segmentation", "interval": "whole", "groupBy": {"event": "a"}}""",
                ChartEvent.at("10:00:00", "A").with("a", "\"\\ud800\""),
                ChartEvent.at("10:00:00", "A").with("a", "\"x\"")))
        .containsExactly("(none)|1", "x|1");
  }

  @Test
  void anEventWithoutEventTimeIsOnNoChart() throws Exception {
    try (ChartStore store = ChartStore.of(List.of(ChartEvent.at("10:00:00", "A")))) {
      store.query("INSERT INTO events (event_type) VALUES ('A') RETURNING 1");
      assertThat(
              store.rows(
                  """
                  {"kind": "segmentation", "interval": "whole"}"""))
          .containsExactly("1");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyMeasureIsThatOfTheOracle(long seed) throws Exception {
    List<ChartEvent> events = ChartSeeds.events(seed, 200, 12, Duration.ofMinutes(17));
    try (ChartStore store = ChartStore.of(events)) {
      for (String measure : MEASURES) {
        for (Map.Entry<String, Duration> interval : INTERVALS.entrySet()) {
          assertOne(store, events, measure, interval, false);
          assertOne(store, events, measure, interval, true);
        }
      }
    }
  }

  private static void assertOne(
      ChartStore store,
      List<ChartEvent> events,
      String measure,
      Map.Entry<String, Duration> interval,
      boolean grouped)
      throws Exception {
    Instant from = ChartSeeds.START.plusSeconds(61);
    Instant to = ChartSeeds.START.plusSeconds(1_000);
    String form =
        """
        {"kind": "segmentation", "from": "%s", "to": "%s", "interval": "%s", "measure": "%s",
         "events": ["A", "B", "(none)"],
         "filters": [
           {"field": {"column": "country"}, "test": "isNot", "values": ["FR", "it's"]},
           {"field": {"event": "price"}, "test": "below", "values": ["4"]}]%s%s}"""
            .formatted(
                from,
                to,
                interval.getKey(),
                measure,
                List.of("totals", "uniques", "average").contains(measure)
                    ? ""
                    : ", \"property\": {\"event\": \"price\"}",
                grouped ? ", \"groupBy\": {\"column\": \"country\"}, \"groups\": 3" : "");
    Predicate<ChartEvent> counts =
        event ->
            !event.time().isBefore(from)
                && event.time().isBefore(to)
                && (event.type() == null || List.of("A", "B").contains(event.type()))
                && !(event.country() != null && List.of("FR", "it's").contains(event.country()))
                && price(event).filter(price -> price < 4).isPresent();
    List<ChartEvent> chosen = events.stream().filter(counts).toList();
    assertThat(store.rows(form))
        .as(form)
        .isEqualTo(expected(chosen, measure, interval.getValue(), grouped));
  }

  /** The price of an event, if it is a number. */
  private static Optional<Double> price(ChartEvent event) {
    String json = event.properties().get("price");
    return json != null && json.matches("\"?[\\d.]+\"?")
        ? Optional.of(Double.parseDouble(json.replace("\"", "")))
        : Optional.empty();
  }

  private static List<String> expected(
      List<ChartEvent> chosen, String measure, Duration interval, boolean grouped) {
    record Point(Instant time, String series) {}
    Map<Point, List<ChartEvent>> points =
        new TreeMap<>(Comparator.comparing(Point::time).thenComparing(Point::series));
    Map<String, Long> sizes = new TreeMap<>();
    for (ChartEvent event : chosen) {
      long millis = interval.toMillis();
      Instant time = Instant.ofEpochMilli(event.time().toEpochMilli() / millis * millis);
      String series = grouped ? Objects.requireNonNullElse(event.country(), ChartOracle.NONE) : "";
      points.computeIfAbsent(new Point(time, series), p -> new ArrayList<>()).add(event);
      sizes.merge(series, 1L, Long::sum);
    }
    List<String> shown = ChartOracle.largest(sizes, 3);
    return points.entrySet().stream()
        .filter(point -> shown.contains(point.getKey().series()))
        .map(
            point -> {
              List<@Nullable Object> row = new ArrayList<>();
              row.add(point.getKey().time());
              if (grouped) {
                row.add(point.getKey().series());
              }
              row.add(value(point.getValue(), measure));
              return ChartStore.row(row);
            })
        .toList();
  }

  private static @Nullable Object value(List<ChartEvent> events, String measure) {
    long users =
        events.stream().map(ChartOracle::user).flatMap(Optional::stream).distinct().count();
    double[] prices =
        events.stream()
            .map(SegmentationFormTest::price)
            .flatMap(Optional::stream)
            .mapToDouble(price -> price)
            .sorted()
            .toArray();
    return switch (measure) {
      case "totals" -> (long) events.size();
      case "uniques" -> users;
      case "average" -> users == 0 ? null : (double) events.size() / users;
      case "sum" -> Arrays.stream(prices).sum();
      case "mean" -> Arrays.stream(prices).average().orElseThrow();
      default -> (prices[(prices.length - 1) / 2] + prices[prices.length / 2]) / 2;
    };
  }

  @Test
  void titleSaysWhatIsShown() {
    assertThat(
            ChartForms.chart(
                    """
                    {"kind": "segmentation", "measure": "mean", "property": {"event": "price"},
                     "events": ["Buy"], "interval": "day", "groupBy": {"column": "country"}}""")
                .title())
        .isEqualTo("Mean of price: Buy, every day, by country (10 largest)");
  }

  @Test
  void everyTestOfAFilterHasItsMeaning() throws Exception {
    Map<String, String> wanted =
        Map.of(
            "\"is\", \"values\": [\"5\"]", "2",
            "\"is\", \"values\": [\"(none)\"]", "2",
            "\"is\", \"values\": [\"5\", \"(none)\"]", "4",
            "\"isNot\", \"values\": [\"5\"]", "5",
            "\"isNot\", \"values\": [\"5\", \"(none)\"]", "3",
            "\"contains\", \"values\": [\"a'\"]", "1",
            "\"atLeast\", \"values\": [\"5\"]", "2",
            "\"below\", \"values\": [\"6\"]", "3");
    ChartEvent event = ChartEvent.at("10:00:00", "A");
    try (ChartStore store =
        ChartStore.of(
            List.of(
                event,
                event.with("p", "null"),
                event.with("p", "5"),
                event.with("p", "\"5\""),
                event.with("p", "\"-1\""),
                event.with("p", "\"aa'b\""),
                event.with("p", "\"nan\"")))) {
      for (Map.Entry<String, String> one : wanted.entrySet()) {
        assertThat(
                store.rows(
                    """
                    {"kind": "segmentation", "interval": "whole",
                     "filters": [{"field": {"event": "p"}, "test": %s}]}"""
                        .formatted(one.getKey())))
            .as(one.getKey())
            .containsExactly(one.getValue());
      }
    }
  }

  @Test
  void statementIsReadable() {
    assertThat(
            ChartForms.sql(
                    """
                    {"kind": "segmentation", "events": ["Buy"], "groupBy": {"event": "plan"},
                     "from": "2026-11-20T00:00:00Z"}""")
                .lines()
                .collect(Collectors.toList()))
        .containsExactly(
            "WITH chosen AS (",
            "  SELECT",
            "    to_timestamp(floor(epoch_us(event_time) / 3600000000) * 3600) AS time,",
            "    coalesce(TRY(event_properties ->> '/plan'), '(none)') AS series",
            "  FROM events",
            "  WHERE event_time >= TIMESTAMPTZ '2026-11-20T00:00:00Z'",
            "    AND event_type = 'Buy'",
            "),",
            "points AS (",
            "  SELECT time, series, count(*) AS events, count(*) AS value",
            "  FROM chosen",
            "  GROUP BY time, series",
            "),",
            "largest AS (",
            "  SELECT series FROM points GROUP BY series ORDER BY sum(events) DESC, series LIMIT 10",
            ")",
            "SELECT time, series, value",
            "FROM points",
            "WHERE series IN (SELECT series FROM largest)",
            "ORDER BY time, series");
  }
}
