package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.sql.SqlGateway;
import io.nova.cli.sql.SqlSession;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A query that is asked without pause, in a session and a thread of its own. */
final class RepeatedQuery implements AutoCloseable {
  private final SqlSession session;
  private final AtomicInteger answers = new AtomicInteger();
  private final CompletableFuture<Void> asking;
  private volatile boolean closing;

  private RepeatedQuery(SqlSession session, String query, List<String> expected) {
    this.session = session;
    this.asking = CompletableFuture.runAsync(() -> ask(query, expected));
  }

  /**
   * Starts asking.
   *
   * @param expected the rows of every answer as JSON, in any order
   */
  static RepeatedQuery start(SqlGateway gateway, String query, List<String> expected) {
    SqlSession session = gateway.open();
    // A JobManager keeps two such batches of every answer.
    ProcessCluster.ask(session, "SET 'collect-sink.batch-size.max' = '64 kb'");
    ProcessCluster.ask(session, "SET 'parallelism.default' = '1'");
    return new RepeatedQuery(session, query, expected.stream().sorted().toList());
  }

  private void ask(String query, List<String> expected) {
    while (!closing) {
      List<String> found =
          ProcessCluster.ask(session, query).stream().map(JsonNode::toString).sorted().toList();
      assertThat(found).as("answer %d of %s", answers.get() + 1, query).isEqualTo(expected);
      answers.incrementAndGet();
    }
  }

  /**
   * The number of answers so far.
   *
   * @throws java.util.concurrent.CompletionException when a query failed, or an answer was another
   */
  int answers() {
    if (asking.isDone()) {
      asking.join();
    }
    return answers.get();
  }

  /** Ends after the answer under way, which is checked too. Returns the number of answers. */
  int end() {
    closing = true;
    asking.join();
    return answers.get();
  }

  /** Ends without a word about a failure: {@link #end} and {@link #answers} report it. */
  @Override
  public void close() {
    closing = true;
    asking.exceptionally(reported -> null).join();
    session.close();
  }
}
