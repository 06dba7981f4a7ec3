package io.nova.judge;

import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import io.nova.workload.input.ProgressListener;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads the sent messages on a thread of its own, while the caller reads the table. */
final class SentReading implements AutoCloseable {
  private static final long REPORT_MILLIS = 100;

  private final Messages source;
  private final SentMessages sent;
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private volatile long done;
  private volatile boolean closed;

  private SentReading(Messages source, SentMessages sent) {
    this.source = source;
    this.sent = sent;
  }

  /** Begins to read. Until {@link #await} has returned, {@code sent} belongs to the reading. */
  static SentReading of(Messages source, SentMessages sent) {
    SentReading reading = new SentReading(source, sent);
    Thread thread = new Thread(reading::run, "judge-sent");
    thread.setDaemon(true);
    thread.start();
    return reading;
  }

  private void run() {
    try (MessageCursor messages = source.open()) {
      while (!closed && messages.hasNext()) {
        sent.add(messages.next());
        done = sent.size();
      }
      end.complete(null);
    } catch (RuntimeException | Error e) {
      end.completeExceptionally(e);
    }
  }

  /**
   * Waits until all messages are read, and reports progress meanwhile.
   *
   * @throws RuntimeException the exception that ended the reading
   */
  void await(ProgressListener progress) {
    while (!end.isDone()) {
      pause();
      progress.progress("reading the sent messages", done, source.count());
    }
    try {
      end.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void pause() {
    try {
      end.get(REPORT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException | ExecutionException e) {
      // The caller checks again in both cases.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while judging. There is no verdict.", e);
    }
  }

  /** Stops the reading. */
  @Override
  public void close() {
    closed = true;
  }
}
