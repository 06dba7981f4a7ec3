package io.nova.console.ask;

import io.nova.console.ask.AskException.Kind;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One statement on one cut. Equal questions share it. It is cancelled when no question waits for it
 * any more. Thread-safe.
 */
final class AskRun {
  private final Key key;
  private final CompletableFuture<AnswerRows> rows = new CompletableFuture<>();
  private int waiting;
  private boolean cancelled;
  private boolean started;
  private @Nullable Statement statement;

  /**
   * What makes two questions equal.
   *
   * @param cut number of the cut
   * @param topics the loads of the topics' tables that the statement names
   */
  record Key(int cut, String topics, String sql, int maxRows) {}

  AskRun(Key key) {
    this.key = key;
  }

  Key key() {
    return key;
  }

  CompletableFuture<AnswerRows> rows() {
    return rows;
  }

  /** Adds a question; false if the statement is cancelled already. */
  synchronized boolean join() {
    if (cancelled) {
      return false;
    }
    waiting++;
    return true;
  }

  /** Whether the caller must run it: the first one must. */
  synchronized boolean isFirst() {
    boolean first = !started;
    started = true;
    return first;
  }

  /** A question no longer waits. The last one cancels the statement. */
  synchronized void leave() {
    waiting--;
    if (waiting == 0 && !rows.isDone()) {
      cancelled = true;
      interrupt();
    }
  }

  synchronized boolean isCancelled() {
    return cancelled;
  }

  /**
   * Notes the statement before it runs.
   *
   * @throws AskException if it is cancelled
   */
  synchronized void running(@Nullable Statement now) throws AskException {
    statement = now;
    if (cancelled && now != null) {
      throw cancelled();
    }
  }

  /** Interrupts the statement. One that is about to begin may miss it, so it is repeated. */
  synchronized void interrupt() {
    Statement now = statement;
    if (now != null) {
      try {
        now.cancel();
      } catch (SQLException ended) {
        // The statement has ended by itself.
        statement = null;
      }
    }
  }

  static AskException cancelled() {
    return new AskException(Kind.CANCELLED, "The statement was cancelled.");
  }
}
