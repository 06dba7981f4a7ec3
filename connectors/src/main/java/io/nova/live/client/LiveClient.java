package io.nova.live.client;

import io.nova.live.protocol.Announcement;
import io.nova.live.protocol.BlocksRequest;
import io.nova.live.protocol.LiveException;
import io.nova.live.protocol.LiveJson;
import io.nova.live.protocol.LiveJson.PinRequest;
import io.nova.live.protocol.LiveJson.Refusal;
import io.nova.live.protocol.LiveJson.ReleaseRequest;
import io.nova.live.protocol.LivePaths;
import io.nova.live.protocol.PinnedView;
import io.nova.live.protocol.RowsRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.HostnameVerificationPolicy;
import org.apache.hc.client5.http.ssl.NoopHostnameVerifier;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.Timeout;

/**
 * A client of live servers. Any thread may use it. It has no threads and keeps no connection after
 * an answer, so nobody needs to close it.
 *
 * <p>A refusal is a {@link LiveException} with the server's message. Every other failure is an
 * {@link IOException} that names the subtask. An interrupt does not end a wait; the timeout does.
 */
public final class LiveClient {
  private static final int LARGEST_REFUSAL_BYTES = 64 * 1024;
  private static final String TRUE = "true";

  private final CloseableHttpClient http;
  private final String token;
  private final Duration timeout;

  /**
   * Makes a client.
   *
   * @param tls for servers that speak TLS. Host names are verified, unless its trust managers
   *     accept any name
   * @param token for servers that do not announce a token of their own; empty for none
   * @param timeout longest wait for a connection, for the start of an answer and for each next part
   *     of it
   */
  public LiveClient(Optional<SSLContext> tls, String token, Duration timeout) {
    this.http = http(tls, Timeout.of(timeout));
    this.token = token;
    this.timeout = timeout;
  }

  /** Servers limit their connections themselves, and close each one after its answer. */
  private static CloseableHttpClient http(Optional<SSLContext> tls, Timeout timeout) {
    PoolingHttpClientConnectionManagerBuilder connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnTotal(Integer.MAX_VALUE)
            .setMaxConnPerRoute(Integer.MAX_VALUE)
            .setDefaultSocketConfig(SocketConfig.custom().setSoTimeout(timeout).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(timeout)
                    .setSocketTimeout(timeout)
                    .build());
    tls.ifPresent(
        context ->
            connections.setTlsSocketStrategy(
                new DefaultClientTlsStrategy(
                    context, HostnameVerificationPolicy.BUILTIN, NoopHostnameVerifier.INSTANCE)));
    return HttpClients.custom()
        .setConnectionManager(connections.build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setConnectionRequestTimeout(timeout)
                .setResponseTimeout(timeout)
                .setAuthenticationEnabled(false)
                .setProtocolUpgradeEnabled(false)
                .build())
        .disableAutomaticRetries()
        .disableRedirectHandling()
        .disableContentCompression()
        .disableCookieManagement()
        .disableAuthCaching()
        .build();
  }

  /** Pins the view of a subtask. The caller owns the lease and must release it. */
  public PinnedView pin(Announcement subtask) throws IOException {
    try (InputStream body = ask(subtask, LivePaths.PIN, new PinRequest(subtask.generation()))) {
      return LiveJson.read(body.readAllBytes(), PinnedView.class);
    }
  }

  /** Asks for rows of a pinned view. The caller closes them. */
  public LiveRows rows(Announcement subtask, RowsRequest request) throws IOException {
    return new LiveRows(name(subtask), ask(subtask, LivePaths.ROWS, request));
  }

  /** Asks for newer rows of open blocks. The caller closes them. */
  public LiveRows blocks(Announcement subtask, BlocksRequest request) throws IOException {
    return new LiveRows(name(subtask), ask(subtask, LivePaths.BLOCKS, request));
  }

  /**
   * Renews a lease whose rows the caller does not read yet.
   *
   * @throws LiveException 410 if the lease has ended
   */
  public void renew(Announcement subtask, String lease) throws IOException {
    RowsRequest nothing = new RowsRequest(lease, List.of(), List.of(), TRUE, 0);
    try (InputStream body = ask(subtask, LivePaths.ROWS, nothing)) {
      body.readAllBytes();
    }
  }

  /** Releases a lease. It is no error if the lease has already ended. */
  public void release(Announcement subtask, String lease) throws IOException {
    ask(subtask, LivePaths.RELEASE, new ReleaseRequest(lease)).close();
  }

  private InputStream ask(Announcement subtask, String path, Object body) throws IOException {
    HttpPost request = request(subtask, path, LiveJson.write(body));
    ClassicHttpResponse response = send(subtask, request);
    HttpEntity entity = response.getEntity();
    boolean good = response.getCode() / 100 == 2;
    boolean rows = good && (path.equals(LivePaths.ROWS) || path.equals(LivePaths.BLOCKS));
    InputStream answer =
        entity == null
            ? InputStream.nullInputStream()
            : new AnswerBody(entity, request, timeout, rows);
    if (good) {
      return answer;
    }
    try (answer) {
      byte[] refusal = answer.readNBytes(LARGEST_REFUSAL_BYTES);
      throw new LiveException(
          response.getCode(), "%s: %s".formatted(name(subtask), message(refusal)));
    }
  }

  private HttpPost request(Announcement subtask, String path, byte[] body) {
    HttpPost request = new HttpPost(address(subtask, path));
    request.setHeader(
        HttpHeaders.AUTHORIZATION,
        "Bearer " + (subtask.token().isEmpty() ? token : subtask.token()));
    request.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    return request;
  }

  private ClassicHttpResponse send(Announcement subtask, HttpPost request) throws IOException {
    try {
      return http.executeOpen(null, request, null);
    } catch (IOException e) {
      throw new IOException("%s did not answer: %s".formatted(name(subtask), e), e);
    }
  }

  private static URI address(Announcement subtask, String path) {
    String host = subtask.host().contains(":") ? "[" + subtask.host() + "]" : subtask.host();
    String scheme = subtask.tls() ? "https" : "http";
    return URI.create("%s://%s:%d%s".formatted(scheme, host, subtask.port(), path));
  }

  private static String message(byte[] refusal) {
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
