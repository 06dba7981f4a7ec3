package io.nova.live.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.apache.hc.client5.http.classic.methods.HttpPost;

/**
 * The body of an answer. A failed read says why and closes the connection. Closing the stream early
 * closes the connection too; the rest is not read.
 *
 * <p>Not thread safe.
 */
final class AnswerBody extends FilterInputStream {
  private final HttpPost request;
  private final Duration timeout;

  /** The body of the answer to a request whose reads time out after {@code timeout}. */
  AnswerBody(InputStream body, HttpPost request, Duration timeout) {
    super(body);
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
    try {
      return super.read(target, offset, length);
    } catch (SocketTimeoutException e) {
      throw failed("nothing came for " + timeout, e);
    } catch (IOException e) {
      throw failed("the connection broke off: " + e, e);
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
