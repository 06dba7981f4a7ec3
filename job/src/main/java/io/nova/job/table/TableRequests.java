package io.nova.job.table;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchAnswer.State;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.commit.CommitChain;
import io.nova.iceberg.commit.HandoffResult;
import io.nova.iceberg.commit.HandoffResult.Outcome;
import io.nova.iceberg.commit.RequestPosition;
import io.nova.iceberg.commit.TableHandoff;
import io.nova.job.handoff.BatchOrder;
import io.nova.job.options.HandoffSettings;
import java.time.Instant;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Applies the requests that change the handoff of the table, and answers them. A request that is
 * read again after a failure changes nothing. Belongs to the task thread.
 */
final class TableRequests {
  private final TableHandoff handoff;
  private final HandoffSettings settings;
  private final Runnable lifecycle;
  private final Consumer<BatchAnswer> answers;
  private boolean topicKnown;

  /**
   * The requests of a run.
   *
   * @param lifecycle begins a run of the lifecycle task
   * @param answers takes each answer
   */
  TableRequests(
      CommitChain chain,
      HandoffSettings settings,
      Runnable lifecycle,
      Consumer<BatchAnswer> answers) {
    this.handoff = new TableHandoff(chain);
    this.settings = settings;
    this.lifecycle = lifecycle;
    this.answers = answers;
  }

  /**
   * Applies a request.
   *
   * @throws IllegalStateException if a second writer is alive, or the topic is not the one whose
   *     requests the table has
   */
  void apply(BatchOrder order) {
    String topicId = Objects.requireNonNull(order.topicId);
    if (!topicKnown) {
      handoff.useTopic(topicId, settings.acceptedTopicId().equals(topicId));
      topicKnown = true;
    }
    BatchRequest request = order.request();
    RequestPosition position = new RequestPosition(topicId, order.offset);
    switch (request.kind()) {
      case COMPLETE -> answer(order, request, State.COMPLETED, complete(request, position));
      case WITHDRAW -> answer(order, request, State.WITHDRAWN, withdraw(request, position));
      case EXPIRE -> {
        handoff.pass(position);
        lifecycle.run();
        answer(
            order,
            request,
            State.EXPIRED,
            new HandoffResult(Outcome.DONE, "The lifecycle task has begun a run."));
      }
      case CLOSE, RETIRE ->
          throw new IllegalStateException(
              "A request to " + request.kind() + " is not for the table: " + order.requestId);
    }
  }

  private HandoffResult complete(BatchRequest request, RequestPosition position) {
    String link = Objects.requireNonNullElse(request.link(), "");
    if (request.force() && request.audit() != null) {
      handoff.pass(position);
      return new HandoffResult(
          Outcome.REFUSED,
          "A completion by force is not compared, and the request has figures. Name one of both."
              + " Nothing was changed.");
    }
    if (request.force()) {
      return handoff.forceComplete(batch(request), link, position, request.by(), Instant.now());
    }
    if (settings.requireAudit() && request.audit() == null) {
      handoff.pass(position);
      return new HandoffResult(
          Outcome.REFUSED,
          "nova.batch.require-audit is on, and the request has no figures. Name the rows and the"
              + " digest of the batch layer, or complete by force. Nothing was changed.");
    }
    return handoff.complete(
        batch(request), link, request.audit(), position, request.by(), Instant.now());
  }

  private HandoffResult withdraw(BatchRequest request, RequestPosition position) {
    return handoff.withdraw(batch(request), position, request.by(), Instant.now());
  }

  private static long batch(BatchRequest request) {
    return Objects.requireNonNull(request.batch());
  }

  private void answer(BatchOrder order, BatchRequest request, State done, HandoffResult result) {
    String id = Objects.requireNonNull(order.requestId);
    long now = Instant.now().toEpochMilli();
    answers.accept(
        result.outcome() == Outcome.DONE
            ? BatchAnswer.done(id, done, request.batch(), result.detail(), now)
            : BatchAnswer.refused(id, request.batch(), result.detail(), now));
  }
}
