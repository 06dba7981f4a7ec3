package io.nova.console.view;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A JobManager with one job, as far as the console asks it. */
public final class FakeFlink implements AutoCloseable {
  private static final String VERTEX = "/jobs/j/vertices/v/subtasks/metrics";

  private final HttpServer server;
  private final Map<String, Number> metrics = new ConcurrentHashMap<>();
  private final Map<String, String> pages = new ConcurrentHashMap<>();

  public FakeFlink() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    job("RUNNING");
    task("RUNNING");
    pages.put("/jobs/j/metrics", "[{\"id\":\"numRestarts\",\"value\":\"0\"}]");
    pages.put("/jobs/j/exceptions", "{\"exceptionHistory\":{\"entries\":[]}}");
    pages.put("/jobs/j/checkpoints", "{}");
  }

  public URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** The state of the job. */
  public FakeFlink job(String state) {
    pages.put(
        "/jobs/overview",
        "{\"jobs\":[{\"jid\":\"j\",\"name\":\"nova\",\"state\":\"%s\"}]}".formatted(state));
    return this;
  }

  /** The state of its tasks. */
  public FakeFlink task(String state) {
    pages.put("/jobs/j", "{\"vertices\":[{\"id\":\"v\",\"status\":\"%s\"}]}".formatted(state));
    return this;
  }

  /** A metric of one subtask. */
  public FakeFlink metric(String id, Number value) {
    metrics.put(id, value);
    return this;
  }

  /** A completed checkpoint. */
  public FakeFlink checkpoint(long begunMillis, long durationMillis) {
    pages.put(
        "/jobs/j/checkpoints",
        "{\"latest\":{\"completed\":{\"id\":7,\"trigger_timestamp\":%d,\"end_to_end_duration\":%d,\"state_size\":4200000}}}"
            .formatted(begunMillis, durationMillis));
    return this;
  }

  public FakeFlink restarts(int number) {
    pages.put("/jobs/j/metrics", "[{\"id\":\"numRestarts\",\"value\":\"%d\"}]".formatted(number));
    return this;
  }

  /** A setting of Flink's configuration file. */
  public FakeFlink setting(String key, String value) {
    pages.put("/jobmanager/config", "[{\"key\":\"%s\",\"value\":\"%s\"}]".formatted(key, value));
    return this;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String query = exchange.getRequestURI().getQuery();
    String text = path.equals(VERTEX) ? metrics(query) : pages.getOrDefault(path, "");
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    try (exchange) {
      exchange.sendResponseHeaders(text.isEmpty() ? 404 : 200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private String metrics(@Nullable String query) {
    String form =
        query == null
            ? "{\"id\":\"%1$s\"}"
            : "{\"id\":\"%1$s\",\"sum\":%2$s,\"min\":%2$s,\"max\":%2$s}";
    return new TreeMap<>(metrics)
        .entrySet().stream()
            .map(one -> form.formatted(one.getKey(), one.getValue()))
            .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
