package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nova.fixtures.Waiting;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.PinnedView;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostileClientsTest {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

  private final List<Socket> sockets = new ArrayList<>();
  private ServedShard served;

  private void serve(Duration stalled, Duration lease) throws IOException {
    LiveServerOptions options =
        new LiveServerOptions(
            "127.0.0.1",
            0,
            0,
            ServedShard.TOKEN,
            Optional.empty(),
            256,
            64,
            lease,
            Duration.ofMinutes(10),
            1 << 20,
            2,
            stalled);
    served = new ServedShard(options);
    served.admit(50);
    served.publish();
  }

  private void serve() throws IOException {
    serve(Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    served.close();
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.server.port());
    socket.setSoTimeout(60_000);
    sockets.add(socket);
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String request(String method, String path, String headers, String body) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n%s"
        .formatted(method, path, ServedShard.TOKEN, headers, body);
  }

  private static String post(String path, String body) {
    return request("POST", path, "Content-Length: " + body.length() + "\r\n", body);
  }

  /** All that comes until the server closes, which it does two seconds after a refusal. */
  private static String answerUntilClosed(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The answer, by its own length. */
  private static String answer(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    InputStream in = socket.getInputStream();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("a whole head, not %s", head).isNotNegative();
      head.append((char) next);
    }
    Matcher length = LENGTH.matcher(head);
    assertThat(length.find()).as("a length in %s", head).isTrue();
    byte[] body = in.readNBytes(Integer.parseInt(length.group(1)));
    return head + new String(body, StandardCharsets.UTF_8);
  }

  private void assertServes() throws IOException {
    PinnedView pinned = served.pin();
    assertThat(served.all(pinned)).hasSize(served.rows.size());
    served.client.release(served.announcement(), pinned.lease());
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /v1/pin, 405, expected POST",
    "DELETE, /v1/rows, 405, expected POST",
    "POST, /v1/pins, 404, Nothing is served at /v1/pins",
    "POST, /, 404, Nothing is served at /",
    "POST, /v1/pin?x=1, 404, Nothing is served",
    "POST, //v1/pin, 404, Nothing is served"
  })
  void wrongMethodOrPathIsToldSo(String method, String path, int status, String sentence)
      throws IOException {
    serve();
    Socket socket = connect();
    send(socket, request(method, path, "Content-Length: 2\r\n", "{}"));

    assertThat(answer(socket)).startsWith("HTTP/1.1 " + status).contains(sentence);
    assertServes();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/pin|",
        "/v1/pin|null",
        "/v1/pin|[1]",
        "/v1/pin|{}",
        "/v1/pin|{\"generation\":null}",
        "/v1/pin|{\"generation\":\"run-1\",\"more\":1}",
        "/v1/pin|{\"generation\":\"run-1\"} x",
        "/v1/rows|{\"lease\":\"l\"}",
        "/v1/rows|{\"lease\":\"l\",\"shards\":[null],\"columns\":[],\"filter\":\"true\",\"limit\":1}",
        "/v1/rows|{\"lease\":\"l\",\"shards\":[],\"columns\":[],\"filter\":\"true\",\"limit\":-1}",
        "/v1/release|?"
      })
  void bodyThatIsNoRequestIsToldSo(String path, String body) throws IOException {
    serve();
    Socket socket = connect();
    send(socket, post(path, body == null ? "" : body));

    assertThat(answer(socket)).startsWith("HTTP/1.1 400").contains("is not a");
  }

  @Test
  void garbageIsToldSoAndHarmsNoOne() throws IOException {
    serve();
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      byte[] garbage = new byte[1 + random.nextInt(20_000)];
      random.nextBytes(garbage);
      Socket socket = connect();
      try {
        socket.getOutputStream().write(garbage);
        socket.shutdownOutput();
        String answer = answerUntilClosed(socket);
        assertThat(answer.isEmpty() || answer.startsWith("HTTP/1.1 400")).isTrue();
      } catch (SocketException e) {
        assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
      }
    }
    Socket socket = connect();
    send(socket, "what is this\r\n\r\n");

    assertThat(answer(socket)).startsWith("HTTP/1.1 400").contains("not an HTTP/1.1 request");
    assertServes();
  }

  @Test
  void wrongTokenIsRefusedBeforeItsBodyIsTaken() throws IOException {
    serve();
    Socket socket = connect();
    send(
        socket,
        "POST /v1/pin HTTP/1.1\r\nAuthorization: Bearer secret2\r\nContent-Length: 1000000\r\n\r\n");

    assertThat(answerUntilClosed(socket)).startsWith("HTTP/1.1 401").contains("not the job's");
  }

  @Test
  void largeBodyIsRefusedWhetherAnnouncedOrNot() throws IOException {
    serve();
    Socket announced = connect();
    send(announced, request("POST", "/v1/rows", "Content-Length: 2000000\r\n", ""));
    assertThat(answer(announced)).startsWith("HTTP/1.1 413").contains("1048576");

    Socket chunked = connect();
    send(chunked, request("POST", "/v1/rows", "Transfer-Encoding: chunked\r\n", ""));
    String part = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    for (int i = 0; i < 33; i++) {
      send(chunked, part);
    }
    assertThat(answerUntilClosed(chunked)).startsWith("HTTP/1.1 413");
    assertServes();
  }

  @Test
  void halfARequestIsClosedAfterATime() throws IOException, InterruptedException {
    serve(Duration.ofMillis(500), Duration.ofSeconds(60));
    Socket nothing = connect();
    Socket half = connect();
    send(half, "POST /v1/pin HTTP/1.1\r\nAuthoriza");
    Socket body = connect();
    send(body, request("POST", "/v1/pin", "Content-Length: 30\r\n", "{\"gen"));
    Waiting.until(() -> served.server.connections() == 3);

    assertThat(answerUntilClosed(nothing)).isEmpty();
    assertThat(answerUntilClosed(half)).isEmpty();
    assertThat(answerUntilClosed(body)).isEmpty();
    Waiting.until(() -> served.server.connections() == 0);
  }

  @Test
  void clientThatStopsReadingIsClosedAndHoldsUpNoOne() throws Exception {
    serve(Duration.ofSeconds(3), Duration.ofSeconds(60));
    served.admit(40_000);
    served.spill();
    served.publish();
    PinnedView pinned = served.pin();
    int segments = served.view().open().get(0).segments().size();
    String columns = ServedShard.allColumns().toString();
    String body =
        "{\"lease\":\"%s\",\"shards\":[3],\"columns\":%s,\"filter\":\"true\",\"limit\":1000000}"
            .formatted(pinned.lease(), columns);
    for (int i = 0; i < 6; i++) {
      Socket socket = new Socket();
      socket.setReceiveBufferSize(16 * 1024);
      socket.connect(connect().getRemoteSocketAddress());
      sockets.add(socket);
      send(socket, post("/v1/rows", body));
      InputStream in = socket.getInputStream();
      assertThat(in.read()).isEqualTo('H');
    }

    Thread.sleep(1000);
    int read = served.fetches.get();
    assertThat(read).as("of %s segments for each client", segments).isLessThan(6 * segments / 2);
    served.client.renew(served.announcement(), pinned.lease());
    assertThat(served.ask(pinned, List.of(5), "true", 1_000)).hasSize(1_000);
    Waiting.until(() -> served.server.connections() == 0);
    assertThat(served.fetches.get()).isLessThan(read + segments);
  }

  @Test
  void aThousandConnectionsAreRefusedClearlyBeyondTheLimitAndThenItServesAgain()
      throws IOException, InterruptedException {
    serve();
    for (int i = 0; i < 1_000; i++) {
      connect();
    }
    int refused = 0;
    for (Socket socket : sockets) {
      OutputStream out = socket.getOutputStream();
      try {
        out.write('P');
      } catch (SocketException e) {
        refused++;
      }
    }
    Waiting.until(() -> served.server.connections() == 256);
    assertThatThrownBy(() -> served.pin())
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("256 connections");
    assertThat(refused).isLessThan(1_000 - 256 + 1);
    for (Socket socket : sockets) {
      socket.close();
    }
    Waiting.until(() -> served.server.connections() == 0);

    Waiting.until(this::serves);
  }

  private boolean serves() {
    try {
      assertServes();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void leasesBeyondTheLimitAreRefusedUntilOneIsReleasedOrExpires()
      throws IOException, InterruptedException {
    serve(Duration.ofSeconds(30), Duration.ofSeconds(5));
    PinnedView first = served.pin();
    for (int i = 1; i < 64; i++) {
      served.pin();
    }
    assertThatThrownBy(() -> served.pin())
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("64 leases");

    served.client.release(served.announcement(), first.lease());
    PinnedView next = served.pin();
    Waiting.until(() -> served.server.leases() == 0);
    assertThatThrownBy(() -> served.all(next))
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(410))
        .hasMessageContaining("not used for PT5S");
    assertServes();
  }

  @Test
  void pinIsRefusedWhereWhatItShowsCannotBeWrittenDown() throws IOException {
    serve();
    served.notes =
        view -> {
          throw new IOException("disk full");
        };

    assertThatThrownBy(() -> served.pin())
        .isInstanceOfSatisfying(LiveException.class, e -> assertThat(e.status()).isEqualTo(503))
        .hasMessageContaining("disk full");
    assertThat(served.server.leases()).isZero();
  }
}
