package io.nova.console.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChartFormTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      quoteCharacter = '`',
      value = {
        "5 # form: found 5, expected a JSON object.",
        "{} # kind: found nothing, expected one of segmentation, funnel, retention, stream.",
        "{\"kind\":\"pie\"} # kind: found \"pie\", expected one of segmentation",
        "{\"kind\":\"stream\"} # user: found nothing, expected a text.",
        "{\"kind\":\"stream\",\"user\":\"\"} # user: found \"\", expected a text that is not empty",
        "{\"kind\":\"stream\",\"user\":\"a\\ud800\"} # user: found half a surrogate pair at position 1",
        "{\"kind\":\"stream\",\"user\":\"u\",\"limit\":0} # limit: found 0, expected a whole number from 1 to 10000",
        "{\"kind\":\"stream\",\"user\":\"u\",\"limt\":5} # limt: found this key, expected one of from, kind, limit",
        "{\"kind\":\"stream\",\"user\":\"u\",\"table\":\"x\"} # table: found \"x\", expected one of events, lambda_events",
        "{\"kind\":\"segmentation\",\"from\":\"today\"} # from: found \"today\", expected a time in UTC",
        "{\"kind\":\"segmentation\",\"from\":\"2026-01-02T00:00:00Z\",\"to\":\"2026-01-01T00:00:00Z\"} # to: found 2026-01-01T00:00:00Z, expected a time after 2026-01-02T00:00:00Z",
        "{\"kind\":\"segmentation\",\"measure\":\"sum\"} # property: found nothing, expected the property of which the sum is taken",
        "{\"kind\":\"segmentation\",\"property\":{\"event\":\"x\"}} # property: found x, expected nothing with the measure totals",
        "{\"kind\":\"segmentation\",\"events\":\"A\"} # events: found \"A\", expected a list",
        "{\"kind\":\"segmentation\",\"events\":[{}]} # events: found {}, expected a list of texts",
        "{\"kind\":\"segmentation\",\"groupBy\":{\"column\":\"contry\"}} # groupBy.column: found contry, expected a column of events",
        "{\"kind\":\"segmentation\",\"groupBy\":{\"column\":\"event_properties\"}} # groupBy.column: found event_properties",
        "{\"kind\":\"segmentation\",\"groupBy\":{\"a\":\"b\"}} # groupBy: found a, expected one of the keys column, event, user, group, groups",
        "{\"kind\":\"segmentation\",\"filters\":[{\"field\":{\"column\":\"city\"},\"test\":\"is\"}]} # filters[0].values: found no value, expected at least one",
        "{\"kind\":\"segmentation\",\"filters\":[{\"field\":{\"column\":\"city\"},\"test\":\"below\",\"values\":[\"x\"]}]} # filters[0].values: found x, expected one number",
        "{\"kind\":\"funnel\",\"steps\":[{}]} # steps: found 1 steps, expected 2 to 8",
        "{\"kind\":\"funnel\",\"steps\":[{},{\"event\":1}]} # steps[1].event: found this key, expected one of events, filters",
        "{\"kind\":\"retention\",\"start\":{}} # return: found nothing, expected a JSON object",
      })
  void formThatDoesNotFitIsRefused(String form, String message) {
    assertThatThrownBy(() -> ChartForms.sql(form))
        .isInstanceOf(FormException.class)
        .hasMessageContaining(message.strip())
        .hasMessageEndingWith(".");
  }

  private static Reply post(String body) throws Exception {
    return new ChartRoute()
        .handle(new Request("POST", "", Map.of(), "", body.getBytes(StandardCharsets.UTF_8)));
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  @Test
  void routeAnswersWithTitleStatementAndSeries() throws Exception {
    Reply reply = post("{\"kind\": \"segmentation\", \"interval\": \"hour\"}");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(text(reply))
        .startsWith("{\"title\":\"Events: any event, every hour\",\"sql\":\"WITH chosen AS (")
        .endsWith("\"series\":{\"shape\":\"line\",\"x\":\"time\",\"y\":\"value\"}}");
  }

  @Test
  void routeRefusesWhatIsNoForm() throws Exception {
    assertThat(post("{").status()).isEqualTo(400);
    assertThat(post("").status()).isEqualTo(400);
    assertThat(post("{\"kind\": 1, \"kind\": 2}").status()).isEqualTo(400);
    assertThat(text(post("{\"kind\": \"pie\"}")))
        .contains("{\"error\":\"kind: found", "No SQL was written.");
  }
}
