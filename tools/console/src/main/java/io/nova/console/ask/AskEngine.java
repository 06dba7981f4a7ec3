package io.nova.console.ask;

import java.io.Closeable;

/**
 * Answers SQL in DuckDB's dialect over one cut of the store. Thread-safe.
 *
 * <p>The tables are {@code events}, {@code lambda_events}, {@code batches}, {@code chunks}, {@code
 * blocks}, {@code snapshots}, {@code freshness}, {@code rejected} and {@code duplicates}.
 */
public interface AskEngine extends Closeable {
  /**
   * Answers a question. Blocks until the answer is complete.
   *
   * @throws AskException if there is no answer; its message is for users
   */
  Answer ask(Question question) throws AskException;

  /** Cancels the question with this id. Has no effect if it is not running. */
  void cancel(String id);

  /** Ends all questions and releases the leases. */
  @Override
  void close();
}
