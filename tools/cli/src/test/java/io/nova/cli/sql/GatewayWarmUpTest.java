package io.nova.cli.sql;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The warm-up against a gateway in memory, on which every statement but SET and USE fails. */
@Timeout(60)
class GatewayWarmUpTest {
  private final List<String> statements = new CopyOnWriteArrayList<>();
  private final CountDownLatch sessionClosed = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
    if (path.endsWith("/statements")) {
      statements.add(body);
      boolean isQuery = body.contains("SELECT");
      reply(exchange, isQuery ? 500 : 200, "{\"operationHandle\":\"o\",\"errors\":[\"cold\"]}");
    } else if (path.endsWith("/sessions")) {
      reply(exchange, 200, "{\"sessionHandle\":\"s\"}");
    } else {
      if (exchange.getRequestMethod().equals("DELETE") && path.endsWith("/sessions/s")) {
        sessionClosed.countDown();
      }
      reply(exchange, 200, "{\"status\":\"FINISHED\",\"resultType\":\"EOS\"}");
    }
  }

  private static void reply(HttpExchange exchange, int code, String json) throws IOException {
    byte[] bytes = json.getBytes(UTF_8);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Test
  void everyQueryIsTriedThoughQueriesFailAndTheSessionIsClosed() throws InterruptedException {
    GatewayWarmUp.start(SqlGateway.onPort(server.getAddress().getPort()));
    assertThat(sessionClosed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(statements.stream().filter(statement -> statement.contains("SELECT"))).hasSize(2);
  }

  @Test
  void gatewayThatIsNotThereIsNoFailureOfTheCaller() throws InterruptedException {
    server.stop(0);
    Thread warmUp = GatewayWarmUp.start(SqlGateway.onPort(server.getAddress().getPort()));
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    warmUp.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
    warmUp.join();
    assertThat(failures).isEmpty();
  }
}
