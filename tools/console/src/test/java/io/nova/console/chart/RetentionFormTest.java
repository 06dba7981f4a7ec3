package io.nova.console.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RetentionFormTest {
  static LongStream seeds() {
    return ChartSeeds.seeds();
  }

  private static String form(String mode, int days) {
    return """
        {"kind": "retention", "mode": "%s", "days": %d,
         "from": "2026-11-20T00:00:00Z", "to": "2026-11-22T00:00:00Z",
         "start": {"events": ["A"]}, "return": {"events": ["A", "B"]}}"""
        .formatted(mode, days);
  }

  private static ChartEvent on(String time, String type) {
    return new ChartEvent(Instant.parse(time), type, null, "u", null, null, Map.of());
  }

  private static final List<ChartEvent> EVENTS =
      List.of(
          // Day 0 of u begins at 10:00, day 1 a day later.
          on("2026-11-20T10:30:00Z", "A"),
          on("2026-11-21T09:59:59.999999Z", "C"),
          on("2026-11-22T10:00:00Z", "B"),
          // The first start counts; a return before it does not.
          on("2026-11-20T10:00:00Z", "B").by("v"),
          on("2026-11-20T10:30:00Z", "A").by("v"),
          on("2026-11-21T10:00:00Z", "A").by("v"),
          // For w only day 0 and day 1 have begun when the latest event arrives.
          on("2026-11-21T10:30:00Z", "A").by("w"));

  @Test
  void aDayIs24HoursFromTheHourOfTheStart() throws Exception {
    try (ChartStore store = ChartStore.of(EVENTS)) {
      assertThat(store.rows(form("on", 3)))
          .containsExactly("0|3|3|100.000000", "1|3|1|33.333333", "2|2|1|50.000000");
    }
  }

  @Test
  void aLaterReturnCountsForEarlierDays() throws Exception {
    try (ChartStore store = ChartStore.of(EVENTS)) {
      assertThat(store.rows(form("onOrAfter", 3)))
          .containsExactly("0|3|3|100.000000", "1|3|2|66.666667", "2|2|1|50.000000");
    }
  }

  @Test
  void returnBeforeTheStartDoesNotCount() throws Exception {
    try (ChartStore store =
        ChartStore.of(List.of(on("2026-11-20T10:00:00Z", "B"), on("2026-11-20T10:30:00Z", "A")))) {
      assertThat(
              store.rows(
                  """
                  {"kind": "retention", "start": {"events": ["A"]},
                   "return": {"events": ["B"]}}"""))
          .containsExactly("0|1|0|0.000000");
    }
  }

  @Test
  void returnOnADayThatHasNotBegunDoesNotCount() throws Exception {
    List<ChartEvent> events =
        List.of(
            on("2026-11-20T10:00:00Z", "A"),
            on("2026-11-21T10:00:00Z", "A").by("v"),
            // Day 1 of v begins after the latest upload, but its event is there.
            on("2026-11-22T10:00:00Z", "B").by("v"),
            on("2026-11-21T10:00:00Z", "B"));
    try (ChartStore store = ChartStore.of(events, Instant.parse("2026-11-21T12:00:00Z"))) {
      assertThat(store.rows(form("on", 3))).containsExactly("0|2|2|100.000000", "1|1|1|100.000000");
      assertThat(store.rows(form("onOrAfter", 3)))
          .containsExactly("0|2|2|100.000000", "1|1|1|100.000000");
    }
  }

  @Test
  void storeWithoutEventsHasNoDays() throws Exception {
    try (ChartStore store = ChartStore.of(List.of())) {
      assertThat(store.rows(form("on", 3))).isEmpty();
      assertThat(store.rows(form("onOrAfter", 3))).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void daysAreThoseOfTheOracle(long seed) throws Exception {
    List<ChartEvent> events = ChartSeeds.events(seed, 200, 10, Duration.ofDays(6));
    compareWithOracle(
        events,
        events.stream().map(ChartEvent::time).max(Instant::compareTo).orElseThrow().plusSeconds(1));
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void daysAreThoseOfTheOracleWithEventTimesAfterEveryUpload(long seed) throws Exception {
    compareWithOracle(
        ChartSeeds.events(seed, 200, 10, Duration.ofDays(6)),
        Instant.parse("2026-11-23T06:00:00Z"));
  }

  private static void compareWithOracle(List<ChartEvent> events, Instant latest) throws Exception {
    Instant from = Instant.parse("2026-11-21T12:00:00Z");
    Instant to = Instant.parse("2026-11-24T00:00:00Z");
    Predicate<ChartEvent> start =
        event ->
            "A".equals(event.type()) && !event.time().isBefore(from) && event.time().isBefore(to);
    Predicate<ChartEvent> back = event -> event.country() != null;
    try (ChartStore store = ChartStore.of(events, latest)) {
      for (boolean orLater : new boolean[] {false, true}) {
        List<String> right =
            ChartOracle.retention(events, start, back, orLater, 4, latest).stream()
                .map(row -> row(row.get(0), row.get(1), row.get(2)))
                .toList();
        assertThat(
                store.rows(
                    """
                    {"kind": "retention", "from": "%s", "to": "%s", "days": 4, "mode": "%s",
                     "start": {"events": ["A"]},
                     "return": {"filters": [{"field": {"column": "country"}, "test": "isNot",
                                             "values": ["(none)"]}]}}"""
                        .formatted(from, to, orLater ? "onOrAfter" : "on")))
            .isEqualTo(right);
      }
    }
  }

  private static String row(long day, long users, long returned) {
    return ChartStore.row(List.of(day, users, returned, 100.0 * returned / users));
  }
}
