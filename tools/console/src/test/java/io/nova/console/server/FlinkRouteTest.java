package io.nova.console.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nova.cli.sql.SqlGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Against a gateway in memory, whose SELECT statements run until their session is closed. */
class FlinkRouteTest {
  private final AtomicBoolean closed = new AtomicBoolean();
  private final AtomicBoolean selecting = new AtomicBoolean();
  private volatile String page = "";
  private volatile Runnable opening = () -> {};
  private HttpServer gateway;

  @BeforeEach
  void start() throws IOException {
    gateway = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    gateway.createContext("/", this::answer);
    gateway.start();
  }

  @AfterEach
  void stop() {
    gateway.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    int status = 200;
    String answer = "{}";
    if (path.endsWith("/sessions")) {
      opening.run();
      answer = "{\"sessionHandle\":\"s\"}";
    } else if (closed.get()) {
      status = 404;
      answer = "{\"errors\":[\"no session\"]}";
    } else if (path.endsWith("/statements")) {
      selecting.set(body.contains("SELECT"));
      answer = "{\"operationHandle\":\"o\"}";
    } else if (path.endsWith("/status")) {
      answer =
          selecting.get() && page.isEmpty()
              ? "{\"status\":\"RUNNING\"}"
              : "{\"status\":\"FINISHED\"}";
    } else if (path.contains("/result/")) {
      answer = selecting.get() ? page : answer;
    } else if (path.endsWith("/sessions/s") && exchange.getRequestMethod().equals("DELETE")) {
      closed.set(true);
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  @Timeout(60)
  void aStatementIsCancelledAfterItsTimeout() {
    FlinkRoute route = new FlinkRoute(() -> SqlGateway.onPort(gateway.getAddress().getPort()));
    byte[] body =
        "{\"id\":\"q\",\"sql\":\"SELECT 1\",\"timeoutMillis\":2000}"
            .getBytes(StandardCharsets.UTF_8);
    Instant start = Instant.now();
    Reply reply = route.handle(new Request("POST", "", Map.of(), "", body));
    assertThat(reply.status()).isEqualTo(408);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8))
        .contains("longer than its timeout of 2000 ms");
    assertThat(closed).isTrue();
    assertThat(Duration.between(start, Instant.now())).isLessThan(Duration.ofSeconds(30));
  }

  private static String page(String type, List<String> values, String next) {
    return "{\"resultType\":\"PAYLOAD\",\"resultKind\":\"SUCCESS_WITH_CONTENT\",\"results\":"
        + "{\"columns\":[{\"name\":\"a\",\"logicalType\":{\"type\":\"%s\"}}],\"data\":[%s]},%s"
            .formatted(
                type,
                values.stream()
                    .map("{\"fields\":[%s]}"::formatted)
                    .collect(Collectors.joining(",")),
                "\"nextResultUri\":\"%s\"}".formatted(next));
  }

  private Reply ask(Map<String, String> query) {
    return ask(new FlinkRoute(() -> SqlGateway.onPort(gateway.getAddress().getPort())), query);
  }

  private static Reply ask(FlinkRoute route, Map<String, String> query) {
    byte[] body = "{\"id\":\"q\",\"sql\":\"SELECT 1\"}".getBytes(StandardCharsets.UTF_8);
    return route.handle(new Request("POST", "", query, "", body));
  }

  @Test
  void numbersThatADoubleDoesNotHoldAreTextForAPage() {
    page = page("BIGINT", List.of("4274699668088088386", "7", "null"), "");
    assertThat(new String(ask(Map.of("numbers", "safe")).body(), StandardCharsets.UTF_8))
        .contains("\"rows\":[[\"4274699668088088386\"],[7],[null]]");
  }

  @Test
  void numbersAreNumbersForPrograms() {
    page = page("BIGINT", List.of("4274699668088088386"), "");
    assertThat(new String(ask(Map.of()).body(), StandardCharsets.UTF_8))
        .contains("\"rows\":[[4274699668088088386]]");
  }

  /** The gateway has this page again and again. */
  @Test
  @Timeout(60)
  void anAnswerEndsBeforeItFillsTheMemory() {
    page = page("VARCHAR", List.of('"' + "x".repeat(1 << 20) + '"'), "/v3/sessions/s/result/0");
    Reply reply = ask(Map.of());
    assertThat(reply.body().length).isBetween(16 << 20, 18 << 20);
    assertThat(new String(reply.body(), StandardCharsets.UTF_8)).contains("\"truncated\":true");
  }

  @Test
  @Timeout(60)
  void aStatementIsCancelledWhileItsSessionIsOpened() {
    FlinkRoute route = new FlinkRoute(() -> SqlGateway.onPort(gateway.getAddress().getPort()));
    opening =
        () -> {
          Reply unused = route.handle(new Request("DELETE", "/q", Map.of(), "", new byte[0]));
        };
    Reply reply = ask(route, Map.of());
    assertThat(reply.status()).isEqualTo(408);
    assertThat(selecting).isFalse();
    assertThat(closed).isTrue();
  }

  @Test
  @Timeout(60)
  void anIdNamesOneStatementAtATime() {
    FlinkRoute route = new FlinkRoute(() -> SqlGateway.onPort(gateway.getAddress().getPort()));
    page = page("BIGINT", List.of("1"), "");
    AtomicReference<Reply> second = new AtomicReference<>();
    opening = () -> second.compareAndSet(null, ask(route, Map.of()));
    assertThat(ask(route, Map.of()).status()).isEqualTo(200);
    assertThat(second.get().status()).isEqualTo(400);
    assertThat(new String(second.get().body(), StandardCharsets.UTF_8)).contains("another id");
  }
}
