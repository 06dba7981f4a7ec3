package io.nova.sql.procedure;

import io.nova.handoff.BatchName;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.BatchClient;
import io.nova.kafka.batches.client.BatchResult;
import io.nova.kafka.batches.client.RequestTopicException;
import io.nova.sql.source.Warehouse;
import io.nova.sql.topic.TopicAccess;
import java.time.Duration;
import java.util.Optional;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.types.Row;
import org.jspecify.annotations.Nullable;

/**
 * What procedures need of their catalog.
 *
 * @param topics access to the job's topics, if the broker is known
 * @param longestWait how long a procedure waits for the job
 */
public record BatchAccess(
    Warehouse warehouse,
    Optional<TopicAccess> topics,
    ProcedureRights rights,
    Duration longestWait) {
  /** The result of the procedures that change something. */
  static final String RESULT =
      "ROW<batch STRING, state STRING, link STRING, request STRING, detail STRING>";

  /** The events table with its newest metadata. */
  EventTable table() {
    return warehouse.table();
  }

  /** The number of a batch that a user names. */
  long batch(String name) {
    return BatchName.parse(name, table().rules().batchLength());
  }

  /** The job's topics. */
  TopicAccess topics(BatchProcedure procedure) {
    return topics.orElseThrow(
        () ->
            new CatalogException(
                ("Procedure %s: the catalog does not know the broker. Create it with the option"
                        + " 'kafka.bootstrap-servers' = 'HOST:PORT', as in the job's"
                        + " nova.kafka.bootstrap-servers. Nothing was done.")
                    .formatted(procedure.title())));
  }

  /** Fails unless the catalog allows a procedure that changes something. */
  void mustBeAllowed(BatchProcedure procedure) {
    if (rights != ProcedureRights.ALL) {
      throw new CatalogException(
          ("Procedure %s: it changes something, and this catalog has the option 'procedures' ="
                  + " 'read'. Create a catalog with 'procedures' = 'all'. Nothing was done.")
              .formatted(procedure.title()));
    }
  }

  /** Who asks, for the history of the table. */
  static String user() {
    return "sql of " + System.getProperty("user.name", "unknown");
  }

  /**
   * Asks the job, and waits.
   *
   * @throws CatalogException if the job refuses, or the topic does not take the request
   */
  Row[] ask(BatchProcedure procedure, BatchRequest request) {
    EventTable table = table();
    BatchClient client = new BatchClient(table, topics(procedure).batches());
    BatchResult result = answer(procedure, client, request);
    String name = name(table, result.batch() == null ? request.batch() : result.batch());
    if (result.state() == BatchResult.State.REFUSED) {
      throw new CatalogException(
          "Procedure %s: the job refused request %s%s. %s Nothing was changed."
              .formatted(
                  procedure.title(),
                  result.request(),
                  name == null ? "" : " for batch " + name,
                  result.detail()));
    }
    return new Row[] {
      Row.of(name, result.state().title(), result.link(), result.request(), result.detail())
    };
  }

  private BatchResult answer(BatchProcedure procedure, BatchClient client, BatchRequest request) {
    try {
      return client.ask(request, longestWait);
    } catch (RequestTopicException e) {
      // Without a cause: SQL clients show the innermost message only.
      throw new CatalogException("Procedure %s: %s".formatted(procedure.title(), e.getMessage()));
    }
  }

  private static @Nullable String name(EventTable table, @Nullable Long batch) {
    return batch == null ? null : BatchName.of(batch, table.rules().batchLength());
  }
}
