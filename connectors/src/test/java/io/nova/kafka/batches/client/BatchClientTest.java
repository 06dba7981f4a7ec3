package io.nova.kafka.batches.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchNumbers;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.commit.ClosedBatch;
import io.nova.iceberg.commit.ClosedBatches;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.kafka.batches.client.BatchResult.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchClientTest {
  private static final Duration WAIT = Duration.ofMinutes(2);
  private static final BatchRequest CLOSE = BatchRequest.close(5, false, List.of(), "test", 0);

  private Instant now = Instant.EPOCH;
  private TableBatches table = table(Map.of(), HandoffProperties.NONE);
  private boolean announced = true;
  private final ScriptedTopic topic = new ScriptedTopic();

  /** A topic that does one step of a script at each poll, and lets time pass. */
  private final class ScriptedTopic implements RequestTopic {
    private final Queue<Runnable> steps = new ArrayDeque<>();
    private @Nullable String id;
    private @Nullable BatchRequest sent;
    private @Nullable BatchAnswer answer;

    @Override
    public Answers send(String requestId, BatchRequest request) {
      id = requestId;
      sent = request;
      return new Answers() {
        @Override
        public Optional<BatchAnswer> poll(Duration atMost) {
          now = now.plus(atMost);
          Runnable step = steps.poll();
          if (step != null) {
            step.run();
          }
          return Optional.ofNullable(answer);
        }

        @Override
        public void close() {}
      };
    }
  }

  private static TableBatches table(Map<Long, String> closed, HandoffProperties handoff) {
    List<ClosedBatch> list =
        closed.entrySet().stream()
            .map(one -> new ClosedBatch(one.getKey(), one.getValue()))
            .toList();
    return new TableBatches(new ClosedBatches(list), handoff);
  }

  private static HandoffProperties completed(long number, HandoffProperties.Batch... batches) {
    return new HandoffProperties(1, number, BatchNumbers.NONE, "topic", 3, List.of(batches));
  }

  private static HandoffProperties.Batch batch(long number, @Nullable Long withdrawnAt) {
    return new HandoffProperties.Batch(
        number, "link-" + number, 1, "0", 0, "nova", 1L, "test", withdrawnAt, null, null, false);
  }

  private BatchResult ask(BatchRequest request) {
    return new BatchClient(() -> table, () -> announced, topic, () -> now).ask(request, WAIT);
  }

  @Test
  void aCloseThatTheTableShowsIsDoneThoughItsAnswerIsLost() {
    topic.steps.add(() -> {});
    topic.steps.add(() -> table = table(Map.of(5L, "link-5"), HandoffProperties.NONE));

    assertThat(ask(CLOSE)).isEqualTo(new BatchResult(State.CLOSED, topic.id, 5L, "link-5", ""));
    assertThat(topic.sent).isEqualTo(CLOSE);
  }

  @Test
  void aRefusalIsAnAnswerOnTheTopic() {
    topic.steps.add(() -> topic.answer = BatchAnswer.refused("1", 5L, "Partition 3 is behind.", 0));

    assertThat(ask(CLOSE))
        .isEqualTo(new BatchResult(State.REFUSED, "1", 5L, null, "Partition 3 is behind."));
  }

  @Test
  void whatIsSoAlreadyIsNotAskedFor() {
    table = table(Map.of(5L, "link-5"), completed(4, batch(4, null), batch(3, 9L)));

    assertThat(ask(CLOSE).state()).isEqualTo(State.CLOSED);
    assertThat(ask(BatchRequest.close(2, true, List.of(), "test", 0)).state())
        .isEqualTo(State.CLOSED);
    assertThat(ask(BatchRequest.complete(4, "link-4", null, "test", 0)).state())
        .isEqualTo(State.COMPLETED);
    assertThat(topic.sent).isNull();
  }

  @Test
  void aBatchWithoutTagThatALaterCloseTookIsClosed() {
    table = table(Map.of(6L, "link-6"), HandoffProperties.NONE);

    assertThat(ask(CLOSE).state()).isEqualTo(State.CLOSED);
    assertThat(topic.sent).isNull();
  }

  @Test
  void aCompletionOfAnotherLinkIsForTheJobToRefuse() {
    table = table(Map.of(), completed(4, batch(4, null)));

    assertThat(ask(BatchRequest.complete(4, "other", null, "test", 0)).state())
        .isEqualTo(State.PENDING);
    assertThat(topic.sent).isNotNull();
  }

  @Test
  void aBatchThatWasNeverCompletedIsNotWithdrawn() {
    table = table(Map.of(5L, "link-5"), completed(4, batch(4, null), batch(5, null)));
    assertThat(ask(BatchRequest.withdraw(5, "test", 0)).state()).isEqualTo(State.PENDING);

    table = table(Map.of(5L, "link-5"), completed(4, batch(4, null), batch(5, 7L)));
    topic.sent = null;
    assertThat(ask(BatchRequest.withdraw(5, "test", 0)).state()).isEqualTo(State.WITHDRAWN);
    assertThat(topic.sent).isNull();
  }

  @Test
  void aRetirementIsDoneWhenTheJobSaysSo() {
    topic.steps.add(
        () -> topic.answer = BatchAnswer.done("1", BatchAnswer.State.RETIRED, null, "", 0));

    assertThat(ask(BatchRequest.retire(3, "test", 0)).state()).isEqualTo(State.RETIRED);
  }

  @Test
  void afterTheWaitTheRequestIsPendingAndItsIdIsKnown() {
    BatchResult result = ask(CLOSE);

    assertThat(result.state()).isEqualTo(State.PENDING);
    assertThat(result.request()).isEqualTo(topic.id);
    assertThat(result.detail()).contains("within 120 s").contains("The request is kept");
    assertThat(now).isEqualTo(Instant.EPOCH.plus(WAIT));
  }

  @Test
  void withoutAnAnnouncedJobTheResultSaysSo() {
    announced = false;

    assertThat(ask(CLOSE).detail())
        .contains("no announcement of a running job")
        .contains("The request is kept");
  }
}
