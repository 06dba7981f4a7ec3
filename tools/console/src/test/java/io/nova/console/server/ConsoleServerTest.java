package io.nova.console.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.cli.process.CommandException;
import io.nova.console.view.Cached;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleServerTest {
  private static final String TOKEN = "the-token";
  private static final String AUTHORIZED = "Authorization: Bearer the-token\r\n";

  private final CountDownLatch go = new CountDownLatch(1);
  private final CountDownLatch waiting = new CountDownLatch(ConsoleServer.AT_ONCE);
  private final AtomicInteger collections = new AtomicInteger();
  private final ConsoleServer server =
      ConsoleServer.start(
          0,
          TOKEN,
          new Routes()
              .add("GET", "/api/now", request -> Reply.json(Map.of("path", request.path())))
              .add("POST", "/api/size", request -> Reply.json(Map.of("n", request.body().length)))
              .add("GET", "/api/wait", request -> waited())
              .add("GET", "/api/bug", request -> bug())
              .add("GET", "/api/cached", new Cached(this::collected)));
  private final RawClient client = new RawClient(server.address());

  @AfterEach
  void stop() {
    go.countDown();
    server.close();
  }

  private Reply waited() throws InterruptedException {
    waiting.countDown();
    go.await();
    return Reply.json(Map.of());
  }

  private static Reply bug() {
    throw new IllegalStateException("a rule is broken");
  }

  private Object collected() throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(100);
    return Map.of("collections", collections.incrementAndGet());
  }

  private String get(String path, String headers) throws IOException {
    return client.send("GET " + path, headers, "");
  }

  @Test
  void dataNeedsTheToken() throws IOException {
    String none = get("/api/now", client.host());
    String other = get("/api/now", client.host() + "Authorization: Bearer another\r\n");
    String right = get("/api/now", client.host() + AUTHORIZED);

    assertThat(RawClient.status(none)).isEqualTo(401);
    assertThat(none).contains("Header Authorization: found none, expected Bearer");
    assertThat(RawClient.status(other)).isEqualTo(401);
    assertThat(other).doesNotContain(TOKEN);
    assertThat(RawClient.status(right)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(strings = {"evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80"})
  void requestsForAnotherHostAreRefused(String host) throws IOException {
    String answer = get("/api/now", "Host: " + host + "\r\n" + AUTHORIZED);
    String page = get("/", "Host: " + host + "\r\n");

    assertThat(RawClient.status(answer)).isEqualTo(403);
    assertThat(answer).contains("Header Host: found " + host + ", expected 127.0.0.1:");
    assertThat(RawClient.status(page)).isEqualTo(403);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1"})
  void requestsOfAnotherPageAreRefused(String origin) throws IOException {
    String answer = get("/api/now", client.host() + AUTHORIZED + "Origin: " + origin + "\r\n");

    assertThat(RawClient.status(answer)).isEqualTo(403);
    assertThat(answer).contains("Header Origin: found " + origin);
  }

  @Test
  void requestsOfTheOwnPageAreAnswered() throws IOException {
    String origin = "Origin: " + server.address() + "\r\n";
    String answer = get("/api/now/17", client.host() + AUTHORIZED + origin);

    assertThat(RawClient.status(answer)).isEqualTo(200);
    assertThat(answer).contains("{\"path\":\"/17\"}").doesNotContain("Access-Control");
  }

  @Test
  void pageNeedsNoTokenAndForbidsForeignScripts() throws IOException {
    String page = get("/", client.host());

    assertThat(RawClient.status(page)).isEqualTo(200);
    assertThat(page.toLowerCase(Locale.ROOT))
        .contains("content-security-policy: default-src 'self'; base-uri 'none'")
        .contains("x-content-type-options: nosniff")
        .contains("referrer-policy: no-referrer")
        .doesNotContain("<script>")
        .doesNotContain("onclick");
  }

  @Test
  void chartsComeFromTheClassPath() throws IOException {
    String charts = get("/lib/echarts.js", client.host());
    String tag = charts.lines().filter(line -> line.startsWith("Etag:")).findFirst().orElse("");

    assertThat(RawClient.status(charts)).isEqualTo(200);
    assertThat(charts).contains("Content-type: text/javascript");
    assertThat(
            RawClient.status(
                get(
                    "/lib/echarts.js",
                    client.host() + "If-None-Match:" + tag.substring(5) + "\r\n")))
        .isEqualTo(304);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/../../../../../etc/passwd",
        "/..%2f..%2f..%2fetc/passwd",
        "/%2e%2e/NovaConsole.class",
        "/views/../app.js",
        "/views/..%5capp.js",
        "//etc/passwd",
        "/views/",
        "/views",
        "/NovaConsole.class",
        "/../NovaConsole.class",
        "/META-INF/MANIFEST.MF",
        "/app.js%00.html",
        "/.app.js",
        "/lib/../lib/echarts.js",
        "/lib/other.js",
        "/index.html/"
      })
  void noPathLeavesThePage(String path) throws IOException {
    assertThat(RawClient.status(get(path, client.host()))).isEqualTo(404);
  }

  @Test
  void otherMethodsAndPathsAreRefused() throws IOException {
    String other = client.send("DELETE /api/now", client.host() + AUTHORIZED, "");

    assertThat(RawClient.status(other)).isEqualTo(405);
    assertThat(other).contains("Allow: GET").contains("found DELETE, expected GET");
    assertThat(RawClient.status(client.send("POST /app.js", client.host(), ""))).isEqualTo(405);
    assertThat(RawClient.status(get("/api/nothing", client.host() + AUTHORIZED))).isEqualTo(404);
  }

  @Test
  void largeBodyIsRefused() throws IOException {
    assertThat(RawClient.status(size(ConsoleServer.MAX_BODY_BYTES))).isEqualTo(200);
    assertThat(RawClient.status(size(ConsoleServer.MAX_BODY_BYTES + 1))).isEqualTo(413);
  }

  private String size(int bytes) throws IOException {
    String length = "Content-Length: " + bytes + "\r\n";
    return client.send("POST /api/size", client.host() + AUTHORIZED + length, "x".repeat(bytes));
  }

  @Test
  void bugIsAnAnswerWithoutATrace() throws IOException {
    String answer = get("/api/bug", client.host() + AUTHORIZED);

    assertThat(RawClient.status(answer)).isEqualTo(500);
    assertThat(answer).contains("a rule is broken").doesNotContain("\tat ");
  }

  @Test
  void slowClientsDoNotHoldOthers() throws IOException {
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < ConsoleServer.AT_ONCE; i++) {
        Socket socket = client.open();
        socket.getOutputStream().write("GET / HT".getBytes(StandardCharsets.US_ASCII));
        slow.add(socket);
      }
      long start = System.nanoTime();
      assertThat(RawClient.status(get("/api/now", client.host() + AUTHORIZED))).isEqualTo(200);
      assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(5);
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
  }

  @Test
  void fiftyTabsCostOneCollection() throws Exception {
    List<String> answers = together(50, "/api/cached");

    assertThat(answers).allMatch(answer -> RawClient.status(answer) == 200);
    assertThat(collections).hasValueLessThanOrEqualTo(2);
  }

  @Test
  void oneRequestTooManyIsRefusedAtOnce() throws Exception {
    ExecutorService threads = Executors.newCachedThreadPool();
    try {
      List<Future<String>> running = new ArrayList<>();
      for (int i = 0; i < ConsoleServer.AT_ONCE; i++) {
        running.add(threads.submit(() -> get("/api/wait", client.host() + AUTHORIZED)));
      }
      assertThat(waiting.await(20, TimeUnit.SECONDS)).isTrue();
      String refused = get("/api/now", client.host() + AUTHORIZED);
      go.countDown();

      assertThat(RawClient.status(refused)).isEqualTo(503);
      assertThat(refused).contains("Retry-after: 1").contains("64 requests are answered");
      for (Future<String> one : running) {
        assertThat(RawClient.status(one.get(20, TimeUnit.SECONDS))).isEqualTo(200);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private List<String> together(int number, String path) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(number);
    try {
      List<Future<String>> running = new ArrayList<>();
      for (int i = 0; i < number; i++) {
        running.add(threads.submit(() -> get(path, client.host() + AUTHORIZED)));
      }
      List<String> answers = new ArrayList<>();
      for (Future<String> one : running) {
        answers.add(one.get(20, TimeUnit.SECONDS));
      }
      return answers;
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void takenPortIsNamed() {
    int port = Integer.parseInt(server.address().substring(server.address().lastIndexOf(':') + 1));

    assertThatThrownBy(() -> ConsoleServer.start(port, TOKEN, new Routes()))
        .isInstanceOf(CommandException.class)
        .hasMessageContaining("Port " + port)
        .hasMessageContaining("--port");
  }

  @Test
  void tokensDiffer() {
    assertThat(ConsoleServer.newToken()).hasSize(43).isNotEqualTo(ConsoleServer.newToken());
  }
}
