package io.nova.console.server;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.nova.cli.process.CommandException;
import io.nova.console.server.PageFiles.PageFile;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of the console on 127.0.0.1: the page, and the routes. It refuses what does not
 * come from its own page, bodies above {@value #MAX_BODY_BYTES} bytes, and more than {@value
 * #AT_ONCE} requests at once. A client that sends too slowly is cut off. Thread-safe.
 */
public final class ConsoleServer implements Closeable {
  /** The greatest size of a request's body in bytes. */
  public static final int MAX_BODY_BYTES = 1 << 20;

  /** The greatest number of requests that are answered at once. */
  public static final int AT_ONCE = 64;

  private static final Logger LOG = LoggerFactory.getLogger(ConsoleServer.class);

  /** Threads beyond {@link #AT_ONCE}: for clients that send slowly, and for refusals. */
  private static final int THREADS = 2 * AT_ONCE;

  private static final int QUEUE = 1_024;
  private static final String REQUEST_SECONDS = "15";
  private static final String RESPONSE_SECONDS = "900";
  private static final String IDLE_SECONDS = "60";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
              + " object-src 'none'",
          "X-Content-Type-Options",
          "nosniff",
          "Referrer-Policy",
          "no-referrer",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Cross-Origin-Resource-Policy",
          "same-origin");

  private final HttpServer http;
  private final ThreadPoolExecutor threads;
  private final Routes routes;
  private final Access access;
  private final PageFiles page = new PageFiles();
  private final Semaphore free = new Semaphore(AT_ONCE);

  private ConsoleServer(HttpServer http, Routes routes, String token) {
    this.http = http;
    this.routes = routes;
    this.access = new Access(token, http.getAddress().getPort());
    this.threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            1,
            TimeUnit.MINUTES,
            new ArrayBlockingQueue<>(QUEUE),
            ConsoleServer::daemon);
    threads.allowCoreThreadTimeOut(true);
  }

  /** Its stack is of the usual size. DuckDB works in threads of its own. */
  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "nova-console");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Starts a server.
   *
   * @param port its port on 127.0.0.1; 0 is a free one
   * @param token the token of its requests, see {@link #newToken}
   * @throws CommandException when the port is in use
   */
  public static ConsoleServer start(int port, String token, Routes routes) {
    limitTimes();
    try {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
      ConsoleServer server = new ConsoleServer(HttpServer.create(address, 0), routes, token);
      server.http.setExecutor(server.threads);
      server.http.createContext("/", server::serve);
      server.http.start();
      return server;
    } catch (IOException e) {
      throw new CommandException(
          "Port %d on 127.0.0.1 cannot be used: %s. The console was not started; choose another with --port (0 = a free one)."
              .formatted(port, e.getMessage()),
          e);
    }
  }

  /** The JDK's server reads these when it is first used. */
  private static void limitTimes() {
    System.setProperty("sun.net.httpserver.maxReqTime", REQUEST_SECONDS);
    System.setProperty("sun.net.httpserver.maxRspTime", RESPONSE_SECONDS);
    System.setProperty("sun.net.httpserver.idleInterval", IDLE_SECONDS);
  }

  /** A new token of 256 random bits. */
  public static String newToken() {
    return Access.newToken();
  }

  /** The address, such as {@code http://127.0.0.1:8084}. */
  public String address() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  private void serve(HttpExchange exchange) {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      HEADERS.forEach(headers::set);
      if (free.tryAcquire()) {
        try {
          answer(exchange);
        } finally {
          free.release();
        }
      } else {
        headers.set("Retry-After", "1");
        send(
            exchange,
            Reply.error(
                503,
                "%d requests are answered at this moment, the most at once. Nothing was done. Try again in a second."
                    .formatted(AT_ONCE)));
      }
    } catch (IOException gone) {
      LOG.debug("A client went away before its answer was complete: {}", gone.getMessage());
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    Headers headers = exchange.getRequestHeaders();
    String path = exchange.getRequestURI().getRawPath();
    Optional<Reply> refusal = access.foreign(headers.getFirst("Host"), headers.getFirst("Origin"));
    if (refusal.isEmpty() && !path.startsWith("/api/")) {
      sendFile(exchange, path);
      return;
    }
    refusal = refusal.or(() -> access.unknown(headers.getFirst("Authorization")));
    exchange.getResponseHeaders().set("Cache-Control", "no-store");
    send(exchange, refusal.isPresent() ? refusal.get() : answer(exchange, path));
  }

  private Reply answer(HttpExchange exchange, String path) throws IOException {
    String method = exchange.getRequestMethod();
    Optional<Routes.Found> found = routes.find(path);
    Optional<Route> route = found.flatMap(it -> it.route(method));
    if (found.isEmpty()) {
      return Reply.error(404, "The console has no path %s.".formatted(shortened(path)));
    }
    if (route.isEmpty()) {
      String allowed = String.join(", ", found.get().methods());
      exchange.getResponseHeaders().set("Allow", allowed);
      return Reply.error(
          405, "%s: found %s, expected %s.".formatted(shortened(path), method, allowed));
    }
    byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY_BYTES + 1);
    if (body.length > MAX_BODY_BYTES) {
      exchange.getResponseHeaders().set("Connection", "close");
      return Reply.error(
          413,
          "The body of the request has more than %,d bytes. Nothing was done."
              .formatted(MAX_BODY_BYTES));
    }
    return handle(
        route.get(),
        new Request(
            method,
            found.get().rest(),
            query(exchange.getRequestURI().getRawQuery()),
            Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst("Accept"), ""),
            body));
  }

  private static Reply handle(Route route, Request request) {
    try {
      return route.handle(request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Reply.error(503, "The console stops.");
    } catch (CommandException e) {
      return Reply.error(503, String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      LOG.error("A request to {} needs too much memory", request.path(), e);
      return Reply.error(
          503, "The console has not enough memory for this answer. Ask for less, or try again.");
    } catch (Exception e) {
      LOG.error("A request to {} failed", request.path(), e);
      return Reply.error(500, "The console failed: %s. Its log has more.".formatted(e));
    }
  }

  private void sendFile(HttpExchange exchange, String path) throws IOException {
    Optional<PageFile> file = page.find(path);
    if (!exchange.getRequestMethod().equals("GET")) {
      exchange.getResponseHeaders().set("Allow", "GET");
      send(exchange, Reply.error(405, "Found another method, expected GET."));
    } else if (file.isEmpty()) {
      send(exchange, Reply.error(404, "The console has no file of this name."));
    } else {
      sendFile(exchange, file.get());
    }
  }

  private static void sendFile(HttpExchange exchange, PageFile file) throws IOException {
    exchange.getResponseHeaders().set("Cache-Control", "no-cache");
    exchange.getResponseHeaders().set("ETag", file.tag());
    if (file.tag().equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
      exchange.sendResponseHeaders(304, -1);
    } else {
      send(exchange, file.reply());
    }
  }

  private static void send(HttpExchange exchange, Reply reply) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", reply.contentType());
    reply.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.sendResponseHeaders(
        reply.status(), reply.body().length == 0 ? -1 : reply.body().length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(reply.body());
    }
  }

  private static Map<String, String> query(@Nullable String raw) {
    LinkedHashMap<String, String> query = new LinkedHashMap<>();
    for (String part : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        query.put(decoded(part.substring(0, equals)), decoded(part.substring(equals + 1)));
      }
    }
    return query;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException brokenEscape) {
      return text;
    }
  }

  private static String shortened(String path) {
    return path.length() > 100 ? path.substring(0, 100) + "..." : path;
  }

  /** Stops to listen, and gives running answers a second. Without any it ends at once. */
  @Override
  public void close() {
    // The JDK's server waits for the whole second even if it has nothing to answer.
    http.stop(free.availablePermits() == AT_ONCE ? 0 : 1);
    threads.shutdownNow();
  }
}
