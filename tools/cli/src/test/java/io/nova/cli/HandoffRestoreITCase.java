package io.nova.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.workload.send.Pace;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Savepoints from before the close of a batch, from between close and completion, and from an
 * abandoned branch, on a cluster of processes. The batch layer has the batch by then, and its files
 * may have left the table.
 */
@Tag("soak")
class HandoffRestoreITCase {
  private static final String BATCH = "2026-11-21T10:00Z";
  private static final String NEXT = "2026-11-21T11:00Z";
  private static final String CLOSE_NEXT = "close_batch('" + NEXT + "')";
  private static final List<String> OPTIONS =
      MinuteEvents.hoursClosedOnRequest("--nova.batch.grace", "0 s");

  private ProcessCluster nova;

  @Test
  void nothingThatWasHandedOffComesBackAndNothingIsMissing() throws Exception {
    try (ProcessCluster cluster = ProcessCluster.start("handoff-restore")) {
      nova = cluster;
      nova.submit(OPTIONS, Optional.empty(), 2);
      send(0, 30);
      String before = nova.savepoint();
      send(30, 180);
      assertThat(state("close_batch('" + BATCH + "')")).isEqualTo("closed");
      String between = nova.savepoint();
      String link = nova.ask("CALL nova.sys.list_batches()").get(0).get(3).asText();
      assertThat(state("complete_batch('%s', '%s')".formatted(BATCH, link))).isEqualTo("completed");
      mustHaveOnce(2 * MinuteEvents.AN_HOUR);
      nova.stop(false);

      fromBeforeTheClose(before, 1);
      assertThatThrownBy(() -> nova.ask("CALL nova.sys.withdraw_batch('" + BATCH + "')"))
          .hasMessageContaining("cannot be withdrawn");
      nova.stop(false);

      nova.submit(OPTIONS, Optional.of(between), 2);
      nova.awaitAllDecided();
      mustHaveOnce(2 * MinuteEvents.AN_HOUR);
      assertThat(state("withdraw_batch('" + BATCH + "')")).isEqualTo("withdrawn");
      mustHaveOnce(3 * MinuteEvents.AN_HOUR);
      assertThat(state("complete_batch('%s', '%s')".formatted(BATCH, link))).isEqualTo("completed");
      assertThat(state("expire()")).isEqualTo("expired");
      nova.await("the files have left", () -> stateInTable().equals("removed"));
      mustHaveOnce(2 * MinuteEvents.AN_HOUR);
      nova.stop(false);

      fromBeforeTheClose(before, 2);
      branchThatIsLeftCannotComeBack();
    }
  }

  /** Two branches close the next batch. The batch layer has read that of the second one. */
  private void branchThatIsLeftCannotComeBack() throws Exception {
    String fork = nova.savepoint();
    nova.send(List.of(MinuteEvents.event("first", 0, at(90))), Pace.UNPACED);
    nova.awaitAllDecided();
    assertThat(state(CLOSE_NEXT)).isEqualTo("closed");
    String first = linkOfNext();
    String left = nova.stop(false);

    nova.send(List.of(MinuteEvents.event("second", 1, at(91))), Pace.UNPACED);
    nova.submit(OPTIONS, Optional.of(fork), 2);
    nova.awaitAllDecided();
    assertThat(state(CLOSE_NEXT)).isEqualTo("closed");
    String second = linkOfNext();
    assertThat(second).isNotEqualTo(first);
    assertThatThrownBy(() -> nova.ask(completeNext(first))).hasMessageContaining(second);
    assertThat(nova.ask(completeNext(second)).get(0).get(1).asText()).isEqualTo("completed");
    mustHaveOnce(MinuteEvents.AN_HOUR);
    String kept = nova.stop(false);

    assertThat(nova.refusal(OPTIONS, left)).contains(first, second, "it is of another branch");
    nova.submit(OPTIONS, Optional.of(kept), 2);
    nova.awaitAllDecided();
    assertThat(linkOfNext()).isEqualTo(second);
    mustHaveOnce(MinuteEvents.AN_HOUR);
  }

  private static Instant at(int minute) {
    return MinuteEvents.TEN.plus(Duration.ofMinutes(minute));
  }

  private static String completeNext(String link) {
    return "CALL nova.sys.complete_batch('%s', '%s')".formatted(NEXT, link);
  }

  private String linkOfNext() {
    return nova.ask("CALL nova.sys.list_batches()").stream()
        .filter(row -> row.get(0).asText().equals(NEXT))
        .map(row -> row.get(3).asText())
        .findFirst()
        .orElse("none");
  }

  /** The batch is handed off, and a retry after it meets its first copy. */
  private void fromBeforeTheClose(String savepoint, int parallelism) {
    nova.submit(OPTIONS, Optional.of(savepoint), parallelism);
    nova.awaitAllDecided();
    mustHaveOnce(2 * MinuteEvents.AN_HOUR);
    assertThat(nova.figures().rejected()).containsEntry("handed_off", MinuteEvents.AN_HOUR / 2);

    long duplicates = nova.figures().duplicates();
    nova.send(
        List.of(MinuteEvents.event("e59-0", 0, MinuteEvents.TEN.plus(Duration.ofMinutes(61)))),
        Pace.UNPACED);
    nova.awaitAllDecided();
    assertThat(nova.figures().duplicates()).isEqualTo(duplicates + 1);
    mustHaveOnce(2 * MinuteEvents.AN_HOUR);
  }

  private void mustHaveOnce(long rows) {
    JsonNode found =
        nova.ask("SELECT COUNT(insert_id), COUNT(DISTINCT insert_id) FROM events").get(0);
    assertThat(List.of(found.get(0).asLong(), found.get(1).asLong())).containsExactly(rows, rows);
  }

  private String state(String call) {
    return nova.ask("CALL nova.sys." + call).get(0).get(1).asText();
  }

  private String stateInTable() {
    return nova.ask("SELECT state FROM batches WHERE batch = '" + BATCH + "'")
        .get(0)
        .get(0)
        .asText();
  }

  private void send(int fromMinute, int toMinute) {
    nova.send(MinuteEvents.of(fromMinute, toMinute), Pace.UNPACED);
    nova.awaitAllDecided();
  }
}
