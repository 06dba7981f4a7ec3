package io.nova.cli.ask;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nova.cli.process.ConsoleFile;
import io.nova.cli.process.WorkFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A server with the console's contract that gives one answer. */
public final class AnsweringConsole implements AutoCloseable {
  private static final String TOKEN = "t0ken";

  private final HttpServer server;
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile int status = 200;
  private volatile String body = "{}";

  /** Starts, and writes the file of the folder. */
  public AnsweringConsole(WorkFolder folder) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
    ConsoleFile.of("http://127.0.0.1:" + server.getAddress().getPort(), TOKEN).write(folder);
  }

  /** The next answers. */
  public void answers(int withStatus, String withBody) {
    status = withStatus;
    body = withBody;
  }

  /** Method, path and body of each request. */
  public List<String> requests() {
    return requests;
  }

  private void answer(HttpExchange exchange) throws IOException {
    String sent = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    requests.add("%s %s %s".formatted(exchange.getRequestMethod(), exchange.getRequestURI(), sent));
    boolean known =
        ("Bearer " + TOKEN).equals(exchange.getRequestHeaders().getFirst("Authorization"));
    byte[] bytes =
        (known ? body : "{\"error\":\"a token is missing\"}").getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(known ? status : 403, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
