package io.nova.console.ask;

import java.time.Duration;
import java.util.Optional;

/**
 * A question to the fast path.
 *
 * @param id names the question, so that it can be cancelled
 * @param sql one SELECT statement in DuckDB's dialect
 * @param live whether open and sealed blocks are read beside the snapshot
 * @param maxRows greatest number of rows in the answer
 * @param timeout the time after which the statement is cancelled
 * @param cut the id of a pinned cut that the question reads, regardless of {@code live}; empty for
 *     the current cut
 */
public record Question(
    String id, String sql, boolean live, int maxRows, Duration timeout, Optional<String> cut) {
  /** A question on the current cut. */
  public Question(String id, String sql, boolean live, int maxRows, Duration timeout) {
    this(id, sql, live, maxRows, timeout, Optional.empty());
  }
}
