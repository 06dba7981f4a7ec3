package io.nova.cli.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.nova.cli.run.FigureLines;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class JobFiguresTest {
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void countersAreSummedOverVerticesAndTheFrontierIsTheLeast() {
    page("/jobs/j", "{\"vertices\":[{\"id\":\"a\"},{\"id\":\"b\"}]}");
    metrics(
        "a",
        Map.of(
            "Source.nova.numEventsReceived", "{\"sum\":30.0,\"min\":10}",
            "Source.nova.reason.not_json.numEventsRejected", "{\"sum\":3.0,\"min\":1}",
            "Source.numRecordsIn", "{\"sum\":99,\"min\":9}"));
    metrics(
        "b",
        Map.of(
            "Blocks.nova.numEventsAdmitted", "{\"sum\":2.0E1,\"min\":1}",
            "Blocks.nova.numDuplicates", "{\"sum\":4,\"min\":1}",
            "Blocks.nova.reason.too_late.numEventsRejected", "{\"sum\":3,\"min\":0}",
            "Blocks.nova.reason.batch_closed.numEventsRejected", "{\"sum\":0,\"min\":0}",
            "Blocks.nova.frontierMicros", "{\"sum\":5,\"min\":1772409600000000}"));
    JobFigures figures = rest().figures("j");
    assertThat(figures.received()).isEqualTo(30);
    assertThat(figures.decided()).isEqualTo(30);
    assertThat(figures.rejected())
        .containsExactly(Map.entry("not_json", 3L), Map.entry("too_late", 3L));
    assertThat(FigureLines.time(figures.frontierMicros())).isEqualTo("2026-03-02 00:00:00");
  }

  @Test
  void frontierOfAShardThatHasNotBegunIsNone() {
    page("/jobs/j", "{\"vertices\":[{\"id\":\"a\"}]}");
    metrics(
        "a",
        Map.of("Blocks.nova.frontierMicros", "{\"sum\":-9.2e18,\"min\":-9.223372036854776E18}"));
    assertThat(rest().figures("j").frontierMicros()).isEmpty();
  }

  private FlinkRest rest() {
    return FlinkRest.onPort(server.getAddress().getPort());
  }

  /** Answers like Flink: names without a query, otherwise the aggregates of the queried metrics. */
  private void metrics(String vertex, Map<String, String> aggregates) {
    server.createContext(
        "/jobs/j/vertices/" + vertex + "/subtasks/metrics",
        exchange -> {
          String query = exchange.getRequestURI().getQuery();
          List<String> answer =
              aggregates.entrySet().stream()
                  .filter(metric -> query == null || query.contains(metric.getKey()))
                  .map(
                      metric ->
                          "{\"id\":\"%s\"%s"
                              .formatted(
                                  metric.getKey(),
                                  query == null ? "}" : "," + metric.getValue().substring(1)))
                  .toList();
          byte[] bytes = answer.toString().getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }

  private void page(String path, String json) {
    server.createContext(
        path,
        exchange -> {
          byte[] bytes = json.getBytes(UTF_8);
          exchange.sendResponseHeaders(200, bytes.length);
          exchange.getResponseBody().write(bytes);
          exchange.close();
        });
  }
}
