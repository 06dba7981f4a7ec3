package io.nova.kafka.batches.client;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.EventTable;
import io.nova.kafka.batches.client.BatchResult.State;
import io.nova.kafka.batches.client.RequestTopic.Answers;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * Asks the job for a change of a batch, and waits for it. Success is what the table says; a refusal
 * is an answer on the topic. So a lost answer does not keep a client waiting.
 *
 * <p>A request may be repeated: what is so already is not asked for. For one thread.
 */
public final class BatchClient {
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Supplier<TableBatches> table;
  private final BooleanSupplier announced;
  private final RequestTopic topic;
  private final InstantSource clock;

  /** A client of the job that writes this table and reads this topic. */
  public BatchClient(EventTable table, RequestTopic topic) {
    this(
        () -> TableBatches.of(table.refresh().iceberg()),
        () -> AnnouncedJob.isThere(table),
        topic,
        InstantSource.system());
  }

  /** Of a batch without events before the first close, and of one that was removed long ago. */
  private static final String NO_TAG = "The table has no tag of it.";

  /**
   * A client.
   *
   * @param table the newest version of the table
   * @param announced whether a job says that it runs
   */
  BatchClient(
      Supplier<TableBatches> table,
      BooleanSupplier announced,
      RequestTopic topic,
      InstantSource clock) {
    this.table = table;
    this.announced = announced;
    this.topic = topic;
    this.clock = clock;
  }

  /**
   * Sends a request, unless what it asks for is so already, and waits.
   *
   * @param wait how long at most; the request is kept afterwards
   * @throws RequestTopicException if the topic does not take the request, or cannot be read
   */
  public BatchResult ask(BatchRequest request, Duration wait) {
    Optional<BatchResult> already = done(request);
    if (already.isPresent()) {
      String detail = "It was so already. Nothing was asked. " + already.get().detail();
      return already.get().withDetail(detail.strip());
    }
    String id = UUID.randomUUID().toString();
    try (Answers answers = topic.send(id, request)) {
      return await(id, request, answers, wait);
    }
  }

  private BatchResult await(String id, BatchRequest request, Answers answers, Duration wait) {
    Instant end = clock.instant().plus(wait);
    while (clock.instant().isBefore(end)) {
      Optional<BatchAnswer> answer = answers.poll(LOOK);
      if (answer.isPresent()) {
        return BatchResult.of(answer.get());
      }
      Optional<BatchResult> done = done(request);
      if (done.isPresent()) {
        return done.get().withRequest(id);
      }
    }
    return pending(id, request, wait);
  }

  /** What the table says, if that is what the request asks for. */
  private Optional<BatchResult> done(BatchRequest request) {
    return switch (request.kind()) {
      case CLOSE -> when(State.CLOSED, request, TableBatches::isClosed);
      case COMPLETE ->
          when(
              State.COMPLETED,
              request,
              (batches, batch) ->
                  batches.handoff().isCompleted(batch)
                      && batches.link(batch).equals(Optional.ofNullable(request.link())));
      case WITHDRAW -> when(State.WITHDRAWN, request, TableBatches::isWithdrawn);
      case RETIRE, EXPIRE -> Optional.empty();
    };
  }

  /** Whether a table says something of a batch. */
  private interface Rule {
    boolean holds(TableBatches batches, long batch);
  }

  private Optional<BatchResult> when(State state, BatchRequest request, Rule rule) {
    long batch = Objects.requireNonNull(request.batch());
    TableBatches batches = table.get();
    return rule.holds(batches, batch)
        ? Optional.of(
            batches
                .link(batch)
                .map(link -> new BatchResult(state, null, batch, link, ""))
                .orElseGet(() -> new BatchResult(state, null, batch, null, NO_TAG)))
        : Optional.empty();
  }

  private BatchResult pending(String id, BatchRequest request, Duration wait) {
    String who =
        announced.getAsBoolean()
            ? "The job has not answered within %d s.".formatted(wait.toSeconds())
            : "No answer within %d s, and the warehouse has no announcement of a running job."
                .formatted(wait.toSeconds());
    return new BatchResult(
        State.PENDING,
        id,
        request.batch(),
        null,
        who + " The request is kept. The job decides on it when it reads it.");
  }
}
