package io.nova.console.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** Sends requests letter by letter, as no well-behaved client would. */
final class RawClient {
  private static final int TIMEOUT_MILLIS = 20_000;

  private final int port;

  RawClient(String address) {
    this.port = Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
  }

  Socket open() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout(TIMEOUT_MILLIS);
    return socket;
  }

  /** The whole answer to a request with these headers, each with its line end. */
  String send(String firstLine, String headers, String body) throws IOException {
    try (Socket socket = open()) {
      socket
          .getOutputStream()
          .write(
              "%s HTTP/1.1\r\nConnection: close\r\n%s\r\n%s"
                  .formatted(firstLine, headers, body)
                  .getBytes(StandardCharsets.UTF_8));
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  String host() {
    return "Host: 127.0.0.1:%d\r\n".formatted(port);
  }

  static int status(String answer) {
    return Integer.parseInt(answer.split(" ", 3)[1]);
  }
}
