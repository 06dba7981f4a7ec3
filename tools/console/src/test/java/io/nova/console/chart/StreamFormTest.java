package io.nova.console.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class StreamFormTest {
  static LongStream seeds() {
    return ChartSeeds.seeds();
  }

  private static List<String> rows(ChartStore store, String form) throws Exception {
    return store.query(
        "SELECT event_time, event_type, kafka_offset FROM (%s)".formatted(ChartForms.sql(form)));
  }

  @Test
  void newestEventComesFirst() throws Exception {
    try (ChartStore store =
        ChartStore.of(
            List.of(
                ChartEvent.at("10:00:00", "A"),
                ChartEvent.at("10:00:01", "B"),
                ChartEvent.at("10:00:01", "C"),
                ChartEvent.at("10:00:02", "D").by("v")))) {
      assertThat(
              rows(
                  store,
                  """
                  {"kind": "stream", "user": "u", "limit": 2}"""))
          .containsExactly("2026-11-20T10:00:01Z|C|2", "2026-11-20T10:00:01Z|B|1");
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void eventsOfEachUserAreThoseOfTheOracle(long seed) throws Exception {
    List<ChartEvent> events = ChartSeeds.events(seed, 60, 12, Duration.ofSeconds(20));
    List<ChartOracle.User> users =
        events.stream().map(ChartOracle::user).flatMap(Optional::stream).distinct().toList();
    try (ChartStore store = ChartStore.of(events)) {
      for (ChartOracle.User user : users) {
        String form =
            """
            {"kind": "stream", "user": "%s", "userKind": "%s"}""";
        assertThat(rows(store, form.formatted(user.id(), user.kind())))
            .isEqualTo(expected(events, user));
      }
    }
  }

  /** Events with the same time are ordered by the place in Kafka. */
  private static List<String> expected(List<ChartEvent> events, ChartOracle.User user) {
    return IntStream.range(0, events.size())
        .boxed()
        .filter(i -> ChartOracle.user(events.get(i)).equals(Optional.of(user)))
        .sorted(
            Comparator.comparing((Integer i) -> events.get(i).time())
                .thenComparing(i -> i)
                .reversed())
        .map(i -> ChartStore.row(Arrays.asList(events.get(i).time(), events.get(i).type(), i)))
        .toList();
  }
}
