package io.nova.console.ask;

import io.nova.console.ask.AskException.Kind;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long a question waits for loads of rows, which several questions may share. Thread-safe.
 *
 * @param endNanos the end of its timeout, by {@link System#nanoTime}
 * @param cancelled fails when the question is cancelled, and is not complete before
 */
public record LoadWait(long endNanos, CompletableFuture<?> cancelled) {
  /** A wait of this length, which nobody cancels. */
  public static LoadWait of(Duration longest) {
    return new LoadWait(System.nanoTime() + longest.toNanos(), new CompletableFuture<>());
  }

  /**
   * The result of a load. Blocks until it is complete.
   *
   * @throws AskException if the load failed, with its reason, is not complete in time, or the
   *     question is cancelled
   */
  public <T> T await(CompletableFuture<T> pending) throws AskException {
    try {
      Object unused =
          CompletableFuture.anyOf(pending, cancelled)
              .get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
      return pending.join();
    } catch (TimeoutException late) {
      throw new AskException(
          Kind.CANCELLED, "No cut was complete within the timeout. The statement did not run.");
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new AskException(Kind.CANCELLED, "The console ends. The statement did not run.");
    } catch (ExecutionException failed) {
      throw cancelled.isDone()
          ? AskRun.cancelled()
          : new AskException(Kind.UNAVAILABLE, reason(failed));
    }
  }

  private static String reason(Throwable failed) {
    Throwable cause = failed;
    while (cause.getCause() != null
        && (cause instanceof ExecutionException
            || cause instanceof CompletionException
            || cause instanceof UncheckedIOException)) {
      cause = cause.getCause();
    }
    return cause instanceof SQLException ofDuck
        ? AskException.reason(ofDuck)
        : String.valueOf(cause.getMessage());
  }
}
