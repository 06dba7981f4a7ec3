package io.nova.live.client;

import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.LiveJson;
import io.nova.live.protocol.LiveJson.PinRequest;
import io.nova.live.protocol.LiveJson.Refusal;
import io.nova.live.protocol.LiveJson.ReleaseRequest;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import io.nova.live.server.Endpoint;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Asks live servers. Any thread; one client for a query is enough.
 *
 * <p>A refusal is a {@link LiveException} with the server's sentence. Anything else that goes wrong
 * is an {@link IOException} that says of which subtask.
 */
public final class LiveClient {
  private static final int LARGEST_REFUSAL_BYTES = 64 * 1024;
  private static final String TRUE = "true";

  private final HttpClient http;
  private final String token;
  private final Duration timeout;

  /**
   * Makes a client.
   *
   * @param tls for servers that speak TLS; the names of hosts are checked unless its trust managers
   *     do not ask for it
   * @param token for servers that do not announce one of their own; empty for none
   * @param timeout for connecting, for an answer to begin, and for each part of it
   */
  public LiveClient(Optional<SSLContext> tls, String token, Duration timeout) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(timeout);
    tls.ifPresent(builder::sslContext);
    this.http = builder.build();
    this.token = token;
    this.timeout = timeout;
  }

  /** Pins the view of a subtask. The lease is the caller's, to be given back by a release. */
  public PinnedView pin(Announcement subtask) throws IOException {
    try (InputStream body = ask(subtask, Endpoint.PIN, new PinRequest(subtask.generation()))) {
      return LiveJson.read(body.readAllBytes(), PinnedView.class);
    }
  }

  /** Asks for rows of a pinned view. The caller closes them. */
  public LiveRows rows(Announcement subtask, RowsRequest request) throws IOException {
    return new LiveRows(name(subtask), ask(subtask, Endpoint.ROWS, request));
  }

  /**
   * Lets a lease begin to last anew, where its rows are not asked for yet.
   *
   * @throws LiveException 410 where it is over
   */
  public void renew(Announcement subtask, String lease) throws IOException {
    RowsRequest nothing = new RowsRequest(lease, List.of(), List.of(), TRUE, 0);
    try (InputStream body = ask(subtask, Endpoint.ROWS, nothing)) {
      body.readAllBytes();
    }
  }

  /** Gives a lease back. One that is over already is no error. */
  public void release(Announcement subtask, String lease) throws IOException {
    ask(subtask, Endpoint.RELEASE, new ReleaseRequest(lease)).close();
  }

  private InputStream ask(Announcement subtask, String path, Object request) throws IOException {
    HttpResponse<InputStream> response = send(subtask, path, LiveJson.write(request));
    if (response.statusCode() / 100 == 2) {
      return response.body();
    }
    try (InputStream body = response.body()) {
      byte[] refusal = body.readNBytes(LARGEST_REFUSAL_BYTES);
      throw new LiveException(
          response.statusCode(), "%s: %s".formatted(name(subtask), sentence(refusal)));
    }
  }

  private HttpResponse<InputStream> send(Announcement subtask, String path, byte[] body)
      throws IOException {
    HttpRequest request =
        HttpRequest.newBuilder(address(subtask, path))
            .timeout(timeout)
            .header(
                "Authorization", "Bearer " + (subtask.token().isEmpty() ? token : subtask.token()))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    try {
      return http.send(request, answer -> new BodyStream(timeout));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException)
          new InterruptedIOException(name(subtask) + ": interrupted while it was asked")
              .initCause(e);
    } catch (IOException e) {
      throw new IOException("%s did not answer: %s".formatted(name(subtask), e), e);
    }
  }

  private static URI address(Announcement subtask, String path) {
    String host = subtask.host().contains(":") ? "[" + subtask.host() + "]" : subtask.host();
    String scheme = subtask.tls() ? "https" : "http";
    return URI.create(scheme + "://" + host + ":" + subtask.port() + path);
  }

  private static String sentence(byte[] refusal) {
    try {
      return LiveJson.read(refusal, Refusal.class).error();
    } catch (IOException e) {
      return "found an answer that is not a live server's";
    }
  }

  private static String name(Announcement subtask) {
    return "Live view of subtask %d at %s:%d"
        .formatted(subtask.subtask(), subtask.host(), subtask.port());
  }
}
