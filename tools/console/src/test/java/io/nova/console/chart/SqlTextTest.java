package io.nova.console.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Text of users is a literal, whatever it holds. */
class SqlTextTest {
  static List<String> texts() {
    return List.of(
        "'",
        "''",
        "it's",
        "\"",
        "' OR true --",
        "'; DROP TABLE events; --",
        "\\",
        "\\'",
        "a\\nb",
        "E'x'",
        "$$",
        "$$a'b$$",
        "$tag$ x $tag$",
        "a\0b",
        "\0",
        "\0'\0",
        "a\nb\r\tc",
        "\u0001\u001a\u007f\u0085",
        "\u202eright to left\u2066",
        "日本 \ud83d\ude00 e\u0301",
        "?",
        ":name $1 %s {}",
        "/* comment",
        "-- comment",
        "<script>alert(1)</script>",
        "(none)",
        " ",
        "x'".repeat(32 * 1024));
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("texts")
  void literalIsTheText(String text) throws Exception {
    try (ChartStore store = ChartStore.of(List.of())) {
      assertThat(store.query("SELECT " + SqlText.literal(text))).containsExactly(text);
    }
  }

  @ParameterizedTest(name = "{index}")
  @MethodSource("texts")
  void everyPlaceOfAFormTakesTheText(String text) throws Exception {
    String json = ChartForms.json(text);
    ChartEvent event = ChartEvent.at("10:00:00", text).in(text).by(text).with(text, json);
    try (ChartStore store =
        ChartStore.of(List.of(event, ChartEvent.at("10:00:00", "other").by("other")))) {
      assertThat(
              store.rows(
                  """
                  {"kind": "segmentation", "interval": "whole", "events": [%1$s],
                   "groupBy": {"event": %1$s},
                   "filters": [
                     {"field": {"column": "country"}, "test": "is", "values": [%1$s, "z"]},
                     {"field": {"event": %1$s}, "test": "contains", "values": [%1$s]}]}"""
                      .formatted(json)))
          .containsExactly(text + "|1");
      assertThat(
              store.query(
                  "SELECT event_type FROM (%s)"
                      .formatted(
                          ChartForms.sql("{\"kind\": \"stream\", \"user\": %s}".formatted(json)))))
          .containsExactly(text);
      assertThat(
              store.rows(
                  """
                  {"kind": "funnel", "steps": [{"events": [%1$s]}, {"events": [%1$s, "z"]}]}"""
                      .formatted(json)))
          .hasSize(2);
    }
  }
}
