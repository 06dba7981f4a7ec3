package io.nova.console.view;

import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.console.server.Route;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Answers with data that is at most a second old. Requests that come meanwhile wait for one
 * collection, so many tabs cost as much as one. Thread-safe.
 */
public final class Cached implements Route {
  private static final Duration AGE = Duration.ofSeconds(1);

  private final Callable<?> source;
  private @Nullable Reply newest;
  private long collectedNanos;

  /** Caches what this collects. */
  public Cached(Callable<?> source) {
    this.source = source;
  }

  @Override
  public synchronized Reply handle(Request request) throws Exception {
    Reply known = newest;
    if (known == null || System.nanoTime() - collectedNanos > AGE.toNanos()) {
      known = Reply.json(source.call());
      newest = known;
      collectedNanos = System.nanoTime();
    }
    return known;
  }

  /** Forgets the data, since something has changed. */
  public synchronized void forget() {
    newest = null;
  }
}
