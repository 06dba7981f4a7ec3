package io.nova.console;

import io.nova.cli.process.CommandException;
import io.nova.console.ask.Answer;
import io.nova.console.ask.AskEngine;
import io.nova.console.ask.AskException;
import io.nova.console.ask.AskException.Kind;
import io.nova.console.ask.AskOptions;
import io.nova.console.ask.CutEngine;
import io.nova.console.ask.CutPins;
import io.nova.console.ask.Question;
import io.nova.console.ask.topic.AskTopics;
import io.nova.console.view.WatchedStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The fast path over the store that the console watches now. A new run in the working folder
 * replaces the table, so it gets an engine of its own. Thread-safe.
 */
final class FastPath implements AskEngine, CutPins {
  private static final Pattern SIZE =
      Pattern.compile("(\\d{1,6})\\s*([mg])i?b?", Pattern.CASE_INSENSITIVE);

  /** DuckDB fails with less. */
  private static final int LEAST_MB = 64;

  private final WatchedStore store;
  private final Path folder;
  private final Limits limits;

  private @Nullable Opened opened;
  private boolean closed;

  /**
   * What the fast path may use.
   *
   * @param memoryMb DuckDB's memory, in MiB
   * @param threads DuckDB's threads
   * @param cacheMb copies of remote files, in MiB
   */
  record Limits(int memoryMb, int threads, int cacheMb) {}

  private record Opened(WatchedStore.Identity store, CutEngine engine) {}

  /**
   * The fast path over a store.
   *
   * @param folder a folder of its own, for copies of remote files and temporary files
   */
  FastPath(WatchedStore store, Path folder, Limits limits) {
    this.store = store;
    this.folder = folder;
    this.limits = limits;
  }

  /**
   * A size in MiB, such as 512m or 2GB.
   *
   * @throws IllegalArgumentException if it is none, or too small
   */
  static int megabytes(String size) {
    Matcher parts = SIZE.matcher(size.strip());
    if (!parts.matches()) {
      throw new IllegalArgumentException(
          "found %s, expected a size such as 512MB or 2GB".formatted(size));
    }
    int amount = Integer.parseInt(parts.group(1));
    int megabytes =
        parts.group(2).equalsIgnoreCase("g") ? Math.multiplyExact(amount, 1_024) : amount;
    if (megabytes < LEAST_MB) {
      throw new IllegalArgumentException(
          "found %s, expected %d MB or more".formatted(size, LEAST_MB));
    }
    return megabytes;
  }

  @Override
  public Answer ask(Question question) throws AskException {
    return onCurrent(engine -> engine.ask(question));
  }

  /** What a question needs an engine for. */
  private interface Action<T> {
    T on(CutEngine engine) throws AskException;
  }

  /**
   * A new run may replace the engine before the question reaches it, or while it is parsed. Then
   * the next engine is asked.
   */
  private <T> T onCurrent(Action<T> action) throws AskException {
    try {
      CutEngine engine = current();
      try {
        return action.on(engine);
      } catch (AskException e) {
        if (e.kind() != Kind.UNAVAILABLE || !engine.isClosed()) {
          throw e;
        }
      } catch (RejectedExecutionException ended) {
        // The threads of the engine have ended.
      }
      return action.on(current());
    } catch (AskException e) {
      throw explained(e);
    }
  }

  /** The console has no keys for live servers with TLS, and their failure does not say so. */
  private AskException explained(AskException e) {
    return e.kind() == Kind.UNAVAILABLE && store.hasInternalTls()
        ? new AskException(
            e.kind(),
            e.getMessage()
                + " This cluster has security.ssl.internal.enabled, and the console does not speak TLS to live servers yet. Ask Flink instead.")
        : e;
  }

  private synchronized CutEngine current() throws AskException {
    if (closed) {
      throw new AskException(Kind.UNAVAILABLE, "The console ends. The statement did not run.");
    }
    try {
      WatchedStore.Identity now = store.identity();
      Opened known = opened;
      if (known == null || !isSame(known.store(), now)) {
        closeOpened();
        known = new Opened(now, new CutEngine(options(now)));
        opened = known;
      }
      return known.engine();
    } catch (CommandException e) {
      throw new AskException(Kind.UNAVAILABLE, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      throw new AskException(
          Kind.UNAVAILABLE, "The folder %s cannot be used: %s".formatted(folder, e));
    }
  }

  /** A broker that is away makes no other store. */
  private static boolean isSame(WatchedStore.Identity known, WatchedStore.Identity now) {
    Optional<AskTopics> topics = now.topics().or(known::topics);
    return known.equals(
        new WatchedStore.Identity(now.run(), now.catalog(), topics, now.liveToken()));
  }

  private AskOptions options(WatchedStore.Identity now) {
    AskOptions options =
        AskOptions.of(now.catalog(), folder)
            .limited(limits.memoryMb(), limits.threads())
            .caching(limits.cacheMb())
            .withLiveToken(now.liveToken());
    return now.topics().map(options::with).orElse(options);
  }

  private void closeOpened() {
    Opened former = opened;
    opened = null;
    if (former != null) {
      former.engine().close();
    }
  }

  @Override
  public String pin(Duration longest) throws AskException {
    return onCurrent(engine -> engine.pin(longest));
  }

  @Override
  public void release(String id) {
    Opened known;
    synchronized (this) {
      known = opened;
    }
    if (known != null) {
      known.engine().release(id);
    }
  }

  @Override
  public void cancel(String id) {
    Opened known;
    synchronized (this) {
      known = opened;
    }
    if (known != null) {
      known.engine().cancel(id);
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    closeOpened();
  }
}
