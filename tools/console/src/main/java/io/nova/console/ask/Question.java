package io.nova.console.ask;

import java.time.Duration;

/**
 * A question to the fast path.
 *
 * @param id names the question, so that it can be cancelled
 * @param sql one SELECT statement in DuckDB's dialect
 * @param live whether open and sealed blocks are read beside the snapshot
 * @param maxRows greatest number of rows in the answer
 * @param timeout the time after which the statement is cancelled
 */
public record Question(String id, String sql, boolean live, int maxRows, Duration timeout) {}
