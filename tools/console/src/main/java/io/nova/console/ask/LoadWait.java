package io.nova.console.ask;

import io.nova.console.ask.AskException.Kind;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits for a load of rows, which several questions may share. */
public final class AwaitedLoad {
  private AwaitedLoad() {}

  /**
   * The result of a load. Blocks until it is complete.
   *
   * @param endNanos when the caller waits no longer, by {@link System#nanoTime}
   * @throws AskException if the load failed, with its reason, or is not complete by then
   */
  public static <T> T await(CompletableFuture<T> pending, long endNanos) throws AskException {
    try {
      return pending.get(Math.max(0, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new AskException(
          Kind.CANCELLED, "No cut was complete within the timeout. The statement did not run.");
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
      throw new AskException(Kind.CANCELLED, "The console ends. The statement did not run.");
    } catch (ExecutionException failed) {
      throw new AskException(Kind.UNAVAILABLE, reason(failed));
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
