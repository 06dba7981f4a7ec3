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

  /** The body of the answer to a request whose reads time out after {@code timeout}. */
  AnswerBody(HttpEntity entity, HttpPost request, Duration timeout) throws IOException {
    super(entity.getContent());
    this.entity = entity;
    this.request = request;
    this.timeout = timeout;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = readSome(target, offset, length);
    if (count < 0) {
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

  /** The server ends an answer that it cannot complete with the reason. */
  private void requireWhole() throws IOException {
    Supplier<List<? extends Header>> trailers = entity.getTrailers();
    if (trailers == null) {
      return;
    }
    for (Header trailer : trailers.get()) {
      if (trailer.getName().equalsIgnoreCase(LivePaths.BROKEN)) {
        close();
        throw new IOException(URLDecoder.decode(trailer.getValue(), StandardCharsets.UTF_8));
      }
    }
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
