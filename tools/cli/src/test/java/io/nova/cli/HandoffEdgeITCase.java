package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.RequestsAtOnce.Asked;
import io.nova.cli.cluster.LocalCluster;
import io.nova.handoff.BatchAnswer.State;
import io.nova.handoff.BatchRequest;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.kafka.batches.BatchTopicCheck;
import io.nova.workload.input.Message;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Edges of the handoff on a cluster of processes, with batches of one hour: copies and late events
 * around a close, a silent partition, batches of no and of one event, requests that repeat or
 * contradict each other, the batch of now, and a topic {@code batches} that was made again.
 */
@Tag("soak")
class HandoffEdgeITCase {
  private static final List<String> OPTIONS =
      List.of(
          "--nova.checkpoint.interval",
          "2 s",
          "--nova.batch.length",
          "1 h",
          "--nova.batch.close-delay",
          "20 h");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int SILENT = 3;
  private static final int MANY = 1_600;

  private final Instant midnight =
      Instant.now().truncatedTo(ChronoUnit.HOURS).minus(HOUR.multipliedBy(6));

  /** The batch that ends at midnight. */
  private final long before = midnight.getEpochSecond() / 3600 - 1;

  private ProcessCluster nova;
  private RequestsAtOnce requests;
  private EdgeOracle oracle;

  @Test
  void noEventIsLostOrDoubledAtTheEdgesOfBatches() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("handoff-edge")) {
      nova = cluster;
      requests = new RequestsAtOnce(nova);
      oracle = new EdgeOracle(nova);
      nova.submit(OPTIONS, Optional.empty(), 2);
      aKafkaBatchHasEventsAndCopiesOnBothSidesOfMidnight();
      aSilentPartitionIsNamedAndMayBeLeftOut();
      eventsBetweenCloseAndCompletion();
      aBatchWithoutEventsAndOneWithASingleEvent();
      requestsThatRepeatAndContradict();
      theBatchOfNowClosesByForceOnly();
      aTopicThatWasMadeAgainMustBeAccepted();
    }
  }

  private Message at(int seconds, String id, int partition) {
    return MinuteEvents.event(id, partition, midnight.plusSeconds(seconds));
  }

  /** An event a minute in each of some partitions, since single events make no progress. */
  private List<Message> ticks(int fromMinute, int toMinute, int... partitions) {
    List<Message> ticks = new ArrayList<>();
    for (int minute = fromMinute; minute < toMinute; minute++) {
      for (int partition : partitions) {
        ticks.add(at(60 * minute, "tick%d-%d".formatted(partition, minute), partition));
      }
    }
    return ticks;
  }

  private void aKafkaBatchHasEventsAndCopiesOnBothSidesOfMidnight() {
    oracle.send(ticks(-175, -50, 0, 1, 2, SILENT));
    oracle.send(ticks(-50, 0, 0, 1, 2));
    oracle.send(
        List.of(
            at(-1, "a", 0),
            at(0, "b", 0),
            at(-30, "c", 0),
            at(1, "d", 0),
            at(10, "a", 0),
            at(-10, "b", 0)));
    oracle.send(ticks(1, 60, 0, 1, 2));
    oracle.mustBeAnswered();
    assertThat(nova.figures().openBlocks()).isPositive();
  }

  private void aSilentPartitionIsNamedAndMayBeLeftOut() {
    assertThatThrownBy(() -> call("close_batch('%d')".formatted(before)))
        .hasMessageContaining("partition 3 is at ")
        .hasMessageContaining("Or retire a partition");
    assertThat(call("close_batch(batch => '%d', leave_out => '3')".formatted(before)))
        .isEqualTo("closed");
    oracle.closed(before);
    assertThat(rowsOf(before)).as("also open blocks").isEqualTo(oracle.admitted(before));
  }

  private void eventsBetweenCloseAndCompletion() throws Exception {
    List<Message> copiesAndLateOnes =
        List.of(at(-1, "a", 0), at(20, "a", 1), at(-30, "late", SILENT), at(1900, "new", 0));
    oracle.send(copiesAndLateOnes);
    List<Asked> completions =
        List.of(complete("1", before - 2), complete("2", before - 1), complete("3", before));
    requests.send(completions);
    mustBeAnswered(Map.of("1", State.COMPLETED, "2", State.COMPLETED, "3", State.COMPLETED));
    oracle.completed(before);
    oracle.mustBeAnswered();
    oracle.send(List.of(at(-1, "a", 0), at(30, "c", 1), at(-40, "late too", 0)));
    oracle.mustBeAnswered();
  }

  /** The close of n+1 comes before that of n, and one checkpoint judges both. */
  private void aBatchWithoutEventsAndOneWithASingleEvent() throws Exception {
    long empty = before + 2;
    long single = before + 4;
    oracle.send(ticks(120, 180, 0, 1, 2));
    oracle.send(List.of(at(190 * 60, "single", 0)));
    oracle.send(ticks(240, 300, 0, 1, 2));
    assertThatThrownBy(() -> call("close_batch('%d')".formatted(single)))
        .as("it was left out of one close only")
        .hasMessageContaining("partition 3 is at ");
    assertThat(call("retire_partition(3)")).isEqualTo("retired");
    requests.send(List.of(close("n+1", single), close("n", empty)));
    nova.await("both are closed", () -> state(single).equals("closed"));
    oracle.closed(single);
    assertThat(state(empty)).isEqualTo("closed");
    assertThat(List.of(rowsOf(before + 1), rowsOf(empty), rowsOf(single)))
        .containsExactly(oracle.admitted(before + 1), 0L, 1L);

    assertThatThrownBy(() -> call("complete_batch('%d', '%s')".formatted(single, link(single))))
        .hasMessageContaining("comes after batch " + (before + 1));
    requests.send(
        List.of(complete("4", before + 1), complete("5", empty), complete("6", before + 3)));
    mustBeAnswered(Map.of("4", State.COMPLETED, "5", State.COMPLETED, "6", State.COMPLETED));
    oracle.completed(before + 3);
    oracle.mustBeAnswered();
  }

  private void requestsThatRepeatAndContradict() throws Exception {
    long single = before + 4;
    Asked completion = complete("x", single);
    requests.send(
        List.of(
            completion,
            new Asked("y", BatchRequest.withdraw(single, "test", 0)),
            completion,
            new Asked("z", BatchRequest.complete(single, "another link", null, "test", 0))));
    mustBeAnswered(Map.of("x", State.COMPLETED, "y", State.WITHDRAWN, "z", State.REFUSED));
    assertThat(state(single)).as("a repeated request is applied once").isEqualTo("withdrawn");
    oracle.mustBeAnswered();
  }

  private void theBatchOfNowClosesByForceOnly() throws Exception {
    while (Instant.now().plusSeconds(60).isAfter(endOfThisHour())) {
      Thread.sleep(1_000);
    }
    Instant now = Instant.now();
    long today = now.getEpochSecond() / 3600;
    oracle.send(ticks(300, 360, 0));
    oracle.send(manyAt(now));
    assertThatThrownBy(() -> call("close_batch('%d')".formatted(today)))
        .hasMessageContaining("it ends at ");
    assertThatThrownBy(() -> call("close_batch(batch => '%d', force => true)".formatted(today + 1)))
        .hasMessageContaining("no partition has reached it");
    assertThat(call("close_batch(batch => '%d', force => true)".formatted(today)))
        .isEqualTo("closed");
    oracle.closed(today);
    assertThat(rowsOf(today)).isEqualTo(MANY);
    oracle.send(
        List.of(
            MinuteEvents.event("now1", 0, now.plusMillis(5)),
            MinuteEvents.event("after the close", 1, now)));
    oracle.mustBeAnswered();
  }

  /** The thousandth event of a group ends it, so the partition makes progress at once. */
  private static List<Message> manyAt(Instant now) {
    List<Message> events = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      events.add(MinuteEvents.event("now" + i, 0, now));
    }
    return events;
  }

  private static Instant endOfThisHour() {
    return Instant.now().truncatedTo(ChronoUnit.HOURS).plus(HOUR);
  }

  private void aTopicThatWasMadeAgainMustBeAccepted() throws Exception {
    String known = table().topicId();
    String savepoint = nova.stop(false);
    String made = makeTopicAgain();
    assertThatThrownBy(() -> nova.submit(OPTIONS, Optional.of(savepoint), 2))
        .hasMessageContaining("is FAILED")
        .hasMessageContaining("found id %s, expected %s".formatted(made, known))
        .hasMessageContaining("--nova.batches.accept-topic");
    List<String> accepting = new ArrayList<>(OPTIONS);
    accepting.addAll(List.of("--nova.batches.accept-topic", made));
    nova.submit(accepting, Optional.of(savepoint), 2);
    long single = before + 4;
    assertThat(call("complete_batch('%d', '%s')".formatted(single, link(single))))
        .isEqualTo("completed");
    assertThat(table().topicId()).isEqualTo(made);
  }

  private String makeTopicAgain() throws Exception {
    String topic = LocalCluster.BATCHES;
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", nova.processes().bootstrapServers()))) {
      admin.deleteTopics(List.of(topic)).all().get();
      while (admin.listTopics().names().get().contains(topic)) {
        Thread.sleep(100);
      }
      return admin
          .createTopics(
              List.of(new NewTopic(topic, 1, (short) 1).configs(BatchTopicCheck.SETTINGS)))
          .topicId(topic)
          .get()
          .toString();
    }
  }

  private HandoffProperties table() {
    return HandoffProperties.of(
        EventTable.find(nova.processes().warehouse()).orElseThrow().iceberg().properties());
  }

  private Asked close(String id, long batch) {
    return new Asked(id, BatchRequest.close(batch, false, List.of(), "test", 0));
  }

  private Asked complete(String id, long batch) {
    return new Asked(id, BatchRequest.complete(batch, link(batch), null, "test", 0));
  }

  private void mustBeAnswered(Map<String, State> expected) {
    Set<String> ids = expected.keySet();
    requests
        .answers(ids)
        .forEach((id, answer) -> assertThat(answer.state()).as(id).isEqualTo(expected.get(id)));
    assertThat(requests.answers(ids).keySet()).isEqualTo(ids);
  }

  private String call(String call) {
    return nova.ask("CALL nova.sys." + call).get(0).get(1).asText();
  }

  /** The state of a batch; empty while the job has decided on none of its events. */
  private String state(long batch) {
    List<JsonNode> rows =
        nova.ask("SELECT state FROM batches WHERE batch_number = %d".formatted(batch));
    return rows.isEmpty() ? "" : rows.get(0).get(0).asText();
  }

  private String link(long batch) {
    return of(batch, "link").asText();
  }

  private long rowsOf(long batch) {
    return of(batch, "row_count").asLong();
  }

  private JsonNode of(long batch, String column) {
    return nova.ask("SELECT %s FROM batches WHERE batch_number = %d".formatted(column, batch))
        .get(0)
        .get(0);
  }
}
