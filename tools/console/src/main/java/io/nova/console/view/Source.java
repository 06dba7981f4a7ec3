package io.nova.console.view;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * A source of data and whether it answered. A view shows what the others know if one fails.
 *
 * @param name such as Flink
 * @param error why it did not answer; null if it did
 */
public record Source(String name, @Nullable String error) {
  private static final int LONGEST = 500;

  /** Asks a source and notes how it went; empty if it failed. */
  static <T> Optional<T> ask(String name, List<Source> sources, Callable<T> call) {
    try {
      T answer = call.call();
      sources.add(new Source(name, null));
      return Optional.of(answer);
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      sources.add(
          new Source(name, message.length() > LONGEST ? message.substring(0, LONGEST) : message));
      return Optional.empty();
    }
  }
}
