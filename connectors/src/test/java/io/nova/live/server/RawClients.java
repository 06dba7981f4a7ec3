package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.live.protocol.PinnedView;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Clients that speak raw HTTP to a live server with 50 rows, well or badly. */
final class RawClients implements AutoCloseable {
  private static final Pattern LENGTH = Pattern.compile("(?i)content-length: *(\\d+)");

  final ServedShard served;
  final List<Socket> sockets = new ArrayList<>();

  /** Starts a server with default times. */
  RawClients() throws IOException {
    this(Duration.ofSeconds(30), Duration.ofSeconds(60));
  }

  /** Starts a server with these times for a stalled client and an unused lease. */
  RawClients(Duration stalled, Duration lease) throws IOException {
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

  Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), served.server.port());
    socket.setSoTimeout(60_000);
    sockets.add(socket);
    return socket;
  }

  static void send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  static String request(String method, String path, String headers, String body) {
    return "%s %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n%s"
        .formatted(method, path, ServedShard.TOKEN, headers, body);
  }

  static String post(String path, String body) {
    return request("POST", path, "Content-Length: " + body.length() + "\r\n", body);
  }

  /** All bytes until the server closes, which it does two seconds after a refusal. */
  static String answerUntilClosed(Socket socket) throws IOException {
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** The answer, by its content length. */
  static String answer(Socket socket) throws IOException {
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

  static void await(BooleanSupplier happened) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!happened.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  void assertServes() throws IOException {
    PinnedView pinned = served.pin();
    assertThat(served.all(pinned)).hasSize(served.rows.size());
    served.client.release(served.announcement(), pinned.lease());
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    served.close();
  }
}
