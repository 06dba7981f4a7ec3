package io.nova.live.client;

import io.nova.live.protocol.LivePaths;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.core5.function.Supplier;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/**
 * The body of an answer. A failed read says why and closes the connection. Closing the stream early
 * closes the connection too; the rest is not read.
 *
 * <p>Not thread safe.
 */
final class AnswerBody extends FilterInputStream {
  private final HttpEntity entity;
  private final HttpPost request;
  private final Duration timeout;
  private final boolean rows;

  /**
   * The body of the answer to a request.
   *
   * @param timeout after which a read fails
   * @param rows whether it is an answer with rows, which says at its end that it is whole
   */
  AnswerBody(HttpEntity entity, HttpPost request, Duration timeout, boolean rows)
      throws IOException {
    super(entity.getContent());
    this.entity = entity;
    this.request = request;
    this.timeout = timeout;
    this.rows = rows;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = readSome(target, offset, length);
    if (count < 0 && rows) {
      requireWhole();
    }
    return count;
  }

  private int readSome(byte[] target, int offset, int length) throws IOException {
    try {
      return super.read(target, offset, length);
    } catch (SocketTimeoutException e) {
      throw failed("nothing came for " + timeout, e);
    } catch (IOException e) {
      throw failed(
          "the connection broke off in the middle of the answer, as when a TaskManager ends: "
              + e.getMessage(),
          e);
    }
  }

  /** The server says at the end of rows whether they are whole. A proxy may lose that. */
  private void requireWhole() throws IOException {
    String end = end();
    if (!end.equals(LivePaths.WHOLE)) {
      close();
      throw new IOException(
          end.isEmpty()
              ? "the answer ends without trailer %s, so rows may be missing. A proxy may have removed it"
                  .formatted(LivePaths.END)
              : URLDecoder.decode(end, StandardCharsets.UTF_8));
    }
  }

  /** The trailer; empty if there is none. */
  private String end() {
    Supplier<List<? extends Header>> trailers = entity.getTrailers();
    List<? extends Header> found = trailers == null ? List.of() : trailers.get();
    return found.stream()
        .filter(trailer -> trailer.getName().equalsIgnoreCase(LivePaths.END))
        .map(Header::getValue)
        .findFirst()
        .orElse("");
  }

  private IOException failed(String message, IOException cause) {
    close();
    return new IOException(message, cause);
  }

  /** Closes the connection. Closing the body itself would first read the rest of it. */
  @Override
  public void close() {
    request.cancel();
  }
}
