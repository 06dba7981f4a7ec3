package io.nova.console.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.console.ask.Answer;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.Question;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskRouteTest {
  private final List<Question> asked = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();
  private @Nullable AskException failure;
  private List<List<@Nullable Object>> rows = List.of(Arrays.asList(1, "a", null));

  private final AskRoute route =
      new AskRoute(
          new AskEngine() {
            @Override
            public Answer ask(Question question) throws AskException {
              asked.add(question);
              if (failure != null) {
                throw failure;
              }
              List<Answer.Column> columns =
                  List.of(
                      new Answer.Column("n", "INTEGER"),
                      new Answer.Column("text, quoted", "VARCHAR"),
                      new Answer.Column("nothing", "VARCHAR"));
              return new Answer(
                  columns, rows, true, List.of("a bound"), 7, 8, 9, "{}", List.of("a gap"));
            }

            @Override
            public void cancel(String id) {
              cancelled.add(id);
            }

            @Override
            public void close() {}
          });

  private Reply post(String body) {
    return post(body, "application/json");
  }

  private Reply post(String body, String accept) {
    return post(body, accept, Map.of());
  }

  private Reply post(String body, String accept, Map<String, String> query) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return route.handle(new Request("POST", "", query, accept, bytes));
  }

  private static String text(Reply reply) {
    return new String(reply.body(), StandardCharsets.UTF_8);
  }

  @Test
  void questionReachesTheEngine() {
    Reply reply =
        post(
            "{\"id\":\"q-1\",\"sql\":\"SELECT 1\",\"read\":\"committed\",\"maxRows\":5,\"timeoutMillis\":900}");

    assertThat(asked)
        .containsExactly(new Question("q-1", "SELECT 1", false, 5, Duration.ofMillis(900)));
    assertThat(text(reply))
        .isEqualTo(
            "{\"columns\":[{\"name\":\"n\",\"type\":\"INTEGER\"},{\"name\":\"text, quoted\",\"type\":\"VARCHAR\"},{\"name\":\"nothing\",\"type\":\"VARCHAR\"}],"
                + "\"rows\":[[1,\"a\",null]],\"truncated\":true,\"bounds\":[\"a bound\"],\"millis\":7,\"rowsRead\":8,\"bytesRead\":9,"
                + "\"readToken\":\"{}\",\"gaps\":[\"a gap\"]}");
  }

  @Test
  void numbersThatADoubleDoesNotHoldAreTextForAPage() {
    rows =
        List.of(
            Arrays.asList(4_274_699_668_088_088_386L, 9_007_199_254_740_991L, null),
            Arrays.asList(new BigInteger("-170141183460469231731687303715884105728"), 0.1, "a"),
            Arrays.asList(new BigDecimal("12345678901234567.89"), new BigDecimal("0.10"), true));

    assertThat(text(post("{\"sql\":\"SELECT 1\"}", "", Map.of("numbers", "safe"))))
        .contains(
            "[[\"4274699668088088386\",9007199254740991,null],"
                + "[\"-170141183460469231731687303715884105728\",0.1,\"a\"],"
                + "[\"12345678901234567.89\",0.10,true]]");
    assertThat(text(post("{\"sql\":\"SELECT 1\"}")))
        .contains("[[4274699668088088386,9007199254740991,null]");
  }

  @Test
  void readIsLiveUnlessAsked() {
    post("{\"sql\":\"SELECT 1\"}");

    assertThat(asked.get(0).live()).isTrue();
    assertThat(asked.get(0).maxRows()).isEqualTo(1_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "nonsense | no JSON",
        "[1] | no JSON object",
        "{} | sql: found nothing",
        "{\"sql\":\"x\",\"read\":\"both\"} | read: found both, expected live or committed",
        "{\"sql\":\"x\",\"maxRows\":0} | maxRows: found 0, expected 1 to 100000",
        "{\"sql\":\"x\",\"timeoutMillis\":-1} | timeoutMillis: found -1",
        "{\"sql\":\"x\",\"id\":\"a/b\"} | id: found a/b"
      })
  void wrongFormIsRefused(String body, String reason) {
    Reply reply = post(body);

    assertThat(reply.status()).isEqualTo(400);
    assertThat(text(reply)).contains(reason);
    assertThat(asked).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"STATEMENT,400", "CANCELLED,408", "UNAVAILABLE,503"})
  void failuresHaveTheirStatus(Kind kind, int status) {
    failure = new AskException(kind, "the reason");

    Reply reply = post("{\"sql\":\"SELECT 1\"}");

    assertThat(reply.status()).isEqualTo(status);
    assertThat(text(reply)).isEqualTo("{\"error\":\"the reason\"}");
  }

  @Test
  void csvQuotesWhatItMustAndRunsNoFormula() {
    rows =
        List.of(
            Arrays.asList(-1, "=cmd()", null),
            Arrays.asList(2.5, "a \"b\",\nc", ""),
            Arrays.asList(true, "@x", "+1"));

    Reply reply = post("{\"sql\":\"SELECT 1\"}", "text/csv");

    assertThat(reply.contentType()).isEqualTo("text/csv; charset=utf-8");
    assertThat(reply.headers())
        .isEqualTo(
            Map.of("Nova-Truncated", "true", "Nova-Gaps", "a gap", "Nova-Bounds", "a bound"));
    assertThat(text(reply))
        .isEqualTo(
            "n,\"text, quoted\",nothing\r\n-1,'=cmd(),\r\n2.5,\"a \"\"b\"\",\nc\",\"\"\r\ntrue,'@x,'+1\r\n");
  }

  @Test
  void deleteCancels() {
    Reply reply = route.handle(new Request("DELETE", "/q-1", Map.of(), "", new byte[0]));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(cancelled).containsExactly("q-1");
  }
}
