package io.nova.live.client;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow.Subscription;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An answer's body as a stream that takes from the connection only what is read, and does not wait
 * for ever: beyond a time without a byte, and where the connection breaks off, reading fails.
 *
 * <p>Read by one thread; filled by the HTTP client's.
 */
final class BodyStream extends InputStream implements BodySubscriber<InputStream> {
  private final Duration timeout;
  private final BlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Deque<ByteBuffer> buffers = new ArrayDeque<>();
  private final CompletableFuture<Subscription> subscribed = new CompletableFuture<>();
  private @Nullable IOException failure;
  private boolean ended;
  private volatile boolean closed;

  /** What the connection reports: bytes, or its end, with a failure or without. */
  private record Event(List<ByteBuffer> bytes, @Nullable Throwable failure) {}

  BodyStream(Duration timeout) {
    this.timeout = timeout;
  }

  @Override
  public CompletionStage<InputStream> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Subscription given) {
    subscribed.complete(given);
    if (closed) {
      given.cancel();
    } else {
      given.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    events.add(new Event(bytes, null));
  }

  @Override
  public void onError(Throwable problem) {
    events.add(new Event(List.of(), problem));
  }

  @Override
  public void onComplete() {
    events.add(new Event(List.of(), null));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    while (buffers.isEmpty() && !ended) {
      await();
    }
    ByteBuffer next = buffers.peek();
    if (next == null) {
      return -1;
    }
    int count = Math.min(length, next.remaining());
    next.get(target, offset, count);
    if (!next.hasRemaining()) {
      buffers.remove();
    }
    return count;
  }

  private void await() throws IOException {
    if (failure != null) {
      throw new IOException(failure.getMessage(), failure);
    }
    Event event = next();
    if (event.failure != null) {
      throw failed("the connection broke off: " + event.failure, event.failure);
    }
    if (event.bytes.isEmpty()) {
      ended = true;
      return;
    }
    event.bytes.stream().filter(ByteBuffer::hasRemaining).forEach(buffers::add);
    subscribed.join().request(1);
  }

  private Event next() throws IOException {
    try {
      Event event = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (event == null) {
        throw failed("nothing came for " + timeout, null);
      }
      return event;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while reading");
    }
  }

  /** Remembers it: whoever reads on must not take the rest for the end. */
  private IOException failed(String message, @Nullable Throwable cause) {
    failure = new IOException(message, cause);
    close();
    return failure;
  }

  @Override
  public void close() {
    closed = true;
    if (subscribed.isDone()) {
      subscribed.join().cancel();
    }
  }
}
