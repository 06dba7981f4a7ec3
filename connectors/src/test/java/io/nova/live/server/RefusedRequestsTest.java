package io.nova.live.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that a live server refuses, as raw bytes. */
@Timeout(value = 300, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RefusedRequestsTest {
  private RawClients clients;

  @AfterEach
  void stop() throws IOException {
    clients.close();
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
  void wrongMethodOrPathIsRefused(String method, String path, int status, String sentence)
      throws IOException {
    clients = new RawClients();
    Socket socket = clients.connect();
    RawClients.send(socket, RawClients.request(method, path, "Content-Length: 2\r\n", "{}"));

    assertThat(RawClients.answer(socket)).startsWith("HTTP/1.1 " + status).contains(sentence);
    clients.assertServes();
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
  void bodyThatIsNoRequestIsRefused(String path, String body) throws IOException {
    clients = new RawClients();
    Socket socket = clients.connect();
    RawClients.send(socket, RawClients.post(path, body == null ? "" : body));

    assertThat(RawClients.answer(socket)).startsWith("HTTP/1.1 400").contains("is not a");
  }

  @Test
  void garbageIsRefusedAndHarmsNoOne() throws IOException {
    clients = new RawClients();
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      byte[] garbage = new byte[1 + random.nextInt(20_000)];
      random.nextBytes(garbage);
      Socket socket = clients.connect();
      try {
        socket.getOutputStream().write(garbage);
        socket.shutdownOutput();
        String answer = RawClients.answerUntilClosed(socket);
        assertThat(answer.isEmpty() || answer.startsWith("HTTP/1.1 400")).isTrue();
      } catch (SocketException e) {
        assertThat(e).hasMessageMatching("Broken pipe|Connection reset.*");
      }
    }
    Socket socket = clients.connect();
    RawClients.send(socket, "what is this\r\n\r\n");

    assertThat(RawClients.answer(socket))
        .startsWith("HTTP/1.1 400")
        .contains("not an HTTP/1.1 request");
    clients.assertServes();
  }

  @Test
  void wrongTokenIsRefusedBeforeItsBodyIsTaken() throws IOException {
    clients = new RawClients();
    Socket socket = clients.connect();
    RawClients.send(
        socket,
        "POST /v1/pin HTTP/1.1\r\nAuthorization: Bearer secret2\r\nContent-Length: 1000000\r\n\r\n");

    assertThat(RawClients.answerUntilClosed(socket))
        .startsWith("HTTP/1.1 401")
        .contains("not the job's");
  }

  @Test
  void largeBodyIsRefusedWhetherAnnouncedOrNot() throws IOException {
    clients = new RawClients();
    Socket announced = clients.connect();
    RawClients.send(
        announced, RawClients.request("POST", "/v1/rows", "Content-Length: 2000000\r\n", ""));
    assertThat(RawClients.answer(announced)).startsWith("HTTP/1.1 413").contains("1048576");

    Socket chunked = clients.connect();
    RawClients.send(
        chunked, RawClients.request("POST", "/v1/rows", "Transfer-Encoding: chunked\r\n", ""));
    String part = "8000\r\n" + "x".repeat(0x8000) + "\r\n";
    for (int i = 0; i < 33; i++) {
      RawClients.send(chunked, part);
    }
    assertThat(RawClients.answerUntilClosed(chunked)).startsWith("HTTP/1.1 413");
    clients.assertServes();
  }
}
