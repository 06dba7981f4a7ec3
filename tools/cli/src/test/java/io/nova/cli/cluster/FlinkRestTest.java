package io.nova.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.nova.cli.process.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlinkRestTest {
  private final AtomicInteger waited = new AtomicInteger();
  private HttpServer server;
  private FlinkRest rest;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
    rest = FlinkRest.onPort(server.getAddress().getPort());
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  /** A JobManager that was started again has no leader first, and then does not know the job. */
  private void answersInTurn(List<Integer> codes) {
    AtomicInteger asked = new AtomicInteger();
    byte[] page = "{\"counts\":{\"restored\":7}}".getBytes(UTF_8);
    server.createContext(
        "/jobs/j/checkpoints",
        exchange -> {
          int code = codes.get(Math.min(asked.getAndIncrement(), codes.size() - 1));
          exchange.sendResponseHeaders(code, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
  }

  @Test
  void aPatientRequestWaitsUntilTheJobManagerKnowsTheJob() {
    answersInTurn(List.of(503, 404, 200));
    assertThat(rest.patient(waited::incrementAndGet).restores("j")).isEqualTo(7);
    assertThat(waited).hasValue(2);
  }

  @Test
  void aPatientRequestEndsWhenTheWaitingFails() {
    server.stop(0);
    assertThatThrownBy(
            () ->
                rest.patient(
                        () -> {
                          throw new CommandException("ZooKeeper is dead");
                        })
                    .restores("j"))
        .hasMessage("ZooKeeper is dead");
  }

  @Test
  void aWrongRequestFailsAtOnce() {
    answersInTurn(List.of(400, 200));
    assertThatThrownBy(() -> rest.patient(waited::incrementAndGet).restores("j"))
        .hasMessageContaining("answered 400");
    assertThat(waited).hasValue(0);
  }

  @Test
  void withoutHighAvailabilityNobodyWaits() {
    answersInTurn(List.of(404, 200));
    assertThatThrownBy(() -> rest.restores("j")).hasMessageContaining("answered 404");
  }
}
