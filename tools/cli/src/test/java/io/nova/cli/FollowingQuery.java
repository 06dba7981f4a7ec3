package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.cli.process.CommandException;
import io.nova.cli.sql.SqlGateway;
import io.nova.cli.sql.SqlSession;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** A query in streaming mode, in a session of its own, until {@link #close}. */
final class FollowingQuery implements AutoCloseable {
  private final SqlSession session;
  private final Set<String> places = ConcurrentHashMap.newKeySet();
  private final CompletableFuture<Void> reading;
  private volatile boolean closing;

  private FollowingQuery(SqlSession session, String query) {
    this.session = session;
    this.reading = CompletableFuture.runAsync(() -> read(query));
  }

  /**
   * Starts a query.
   *
   * @param query its first two columns are partition and offset
   */
  static FollowingQuery start(SqlGateway gateway, String query) {
    SqlSession session = gateway.open();
    ProcessCluster.ask(session, "SET 'execution.runtime-mode' = 'streaming'");
    return new FollowingQuery(session, query);
  }

  private void read(String query) {
    try {
      session.execute(
          query,
          fields -> {
            String place = fields.get(0) + ":" + fields.get(1);
            assertThat(places.add(place)).as("followed twice: %s", fields).isTrue();
          });
      throw new AssertionError("The continuing query ended by itself");
    } catch (CommandException closed) {
      if (!closing) {
        throw closed;
      }
    }
  }

  /**
   * Partition and offset of every row so far.
   *
   * @throws java.util.concurrent.CompletionException when the query failed, or returned a row twice
   */
  Set<String> places() {
    if (reading.isDone()) {
      reading.join();
    }
    return Set.copyOf(places);
  }

  @Override
  public void close() {
    closing = true;
    session.close();
    reading.join();
  }
}
