package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.workload.input.Message;
import io.nova.workload.send.Pace;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Queries of {@code lambda_events} without pause, while two batches close, complete, are run again,
 * are withdrawn, complete again and leave the table. The events stay the same: only their place
 * changes, copies and late events arrive. So every answer must be the same.
 */
@Tag("soak")
class LambdaLoopITCase {
  private static final int HOURS = 3;
  private static final long FIRST = MinuteEvents.TEN.getEpochSecond() / 3600;

  /** Answers of each query after each step. */
  private static final int ANSWERS = 1;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);
  private static final String ROWS =
      "SELECT insert_id, CAST(upload_time AS STRING), batch_number FROM lambda_events";
  private static final String SUMS =
      "SELECT batch_number, COUNT(*), COUNT(DISTINCT insert_id), CAST(MAX(upload_time) AS STRING)"
          + " FROM lambda_events GROUP BY batch_number";
  private static final List<String> OPTIONS =
      MinuteEvents.hoursClosedOnRequest("--nova.batch.grace", "0 s");

  private ProcessCluster nova;
  private CopyingBatchLayer batchLayer;
  private List<RepeatedQuery> queries = List.of();

  @Test
  void everyAnswerIsTheSameWhileBatchesMove() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("lambda-loop")) {
      nova = cluster;
      nova.submit(OPTIONS, Optional.empty(), 2);
      nova.send(MinuteEvents.of(0, 60 * HOURS), Pace.UNPACED);
      nova.awaitAllDecided();
      nova.await("a live answer has all", () -> events() == HOURS * MinuteEvents.AN_HOUR);
      batchLayer = CopyingBatchLayer.in(nova.processes().warehouse());
      try (RepeatedQuery rows = RepeatedQuery.start(nova.processes().sql(), ROWS, rows());
          RepeatedQuery sums = RepeatedQuery.start(nova.processes().sql(), SUMS, sums())) {
        queries = List.of(rows, sums);
        awaitAnswers("the begin");
        move(FIRST);
        mustBe("closed", "close_batch('%d')".formatted(FIRST + 1));
        loadAndRemove(FIRST + 1);
        System.out.printf("lambda-loop: %d and %d answers%n", rows.end(), sums.end());
      }
      assertThat(events()).isEqualTo(MinuteEvents.AN_HOUR);
    }
  }

  private void move(long batch) throws Exception {
    mustBe("closed", "close_batch('%d')".formatted(batch));
    sendCopiesAndLateEvents(batch);
    awaitAnswers("the close");
    load(batch);
    awaitAnswers("the completion");
    batchLayer.run(batch);
    awaitAnswers("a second run");
    mustBe("withdrawn", "withdraw_batch('%d')".formatted(batch));
    awaitAnswers("the withdraw");
    loadAndRemove(batch);
    batchLayer.run(batch);
    awaitAnswers("a run after the removal");
  }

  private void loadAndRemove(long batch) throws Exception {
    load(batch);
    mustBe("expired", "expire()");
    nova.await("the files have left", () -> state(batch).equals("removed"));
    awaitAnswers("the removal");
  }

  /** At once: a query that began before the run must not find the batch completed. */
  private void load(long batch) throws Exception {
    String link = link(batch);
    batchLayer.run(batch);
    mustBe("completed", "complete_batch('%d', '%s')".formatted(batch, link));
  }

  private void mustBe(String state, String call) {
    assertThat(nova.ask("CALL nova.sys." + call).get(0).get(1).asText()).isEqualTo(state);
  }

  /** Waits for answers of queries that begin after this step. */
  private void awaitAnswers(String step) {
    List<Integer> before = queries.stream().map(RepeatedQuery::answers).toList();
    nova.await(
        "answers after " + step,
        () -> {
          for (int i = 0; i < queries.size(); i++) {
            if (queries.get(i).answers() <= before.get(i) + ANSWERS) {
              return false;
            }
          }
          return true;
        });
  }

  /** The copies are of the hour that is open at the end and of the batch; none is admitted. */
  private void sendCopiesAndLateEvents(long batch) {
    int minute = Math.toIntExact(batch - FIRST) * 60;
    List<Message> messages = new ArrayList<>(MinuteEvents.of(minute, minute + 60));
    messages.addAll(MinuteEvents.of(60 * (HOURS - 1), 60 * HOURS));
    messages.add(
        MinuteEvents.event("late" + batch, 0, MinuteEvents.TEN.plus(Duration.ofMinutes(minute))));
    nova.send(messages, Pace.UNPACED);
    nova.awaitAllDecided();
  }

  private String link(long batch) {
    return one("SELECT link FROM batches WHERE batch_number = " + batch).asText();
  }

  private String state(long batch) {
    return one("SELECT state FROM batches WHERE batch_number = " + batch).asText();
  }

  private long events() {
    return one("SELECT COUNT(*) FROM events").asLong();
  }

  private JsonNode one(String query) {
    return nova.ask(query).get(0).get(0);
  }

  private static List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (int minute = 0; minute < 60 * HOURS; minute++) {
      for (int partition = 0; partition < 4; partition++) {
        rows.add(
            "[\"e%d-%d\",\"%s\",%d]"
                .formatted(minute, partition, time(minute), FIRST + minute / 60));
      }
    }
    return rows;
  }

  private static List<String> sums() {
    List<String> rows = new ArrayList<>();
    for (int hour = 0; hour < HOURS; hour++) {
      rows.add(
          "[%d,%d,%d,\"%s\"]"
              .formatted(
                  FIRST + hour, MinuteEvents.AN_HOUR, MinuteEvents.AN_HOUR, time(60 * hour + 59)));
    }
    return rows;
  }

  private static String time(int minute) {
    return TIME.format(MinuteEvents.TEN.plus(Duration.ofMinutes(minute)));
  }
}
