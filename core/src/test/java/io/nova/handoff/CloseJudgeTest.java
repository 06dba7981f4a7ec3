package io.nova.handoff;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Micros;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A batch is a day, and closes by itself an hour after its end. The topic has three partitions. */
class CloseJudgeTest {
  private static final long DAY = 20514;

  private Instant now = Instant.EPOCH.plus(Duration.ofDays(DAY + 100));
  private final CloseJudge judge =
      new CloseJudge("events", Duration.ofDays(1), Duration.ofHours(1), () -> now);
  private final PartitionStates partitions = states(List.of());
  private long offset;

  private static PartitionStates states(List<PartitionState> restored) {
    return new PartitionStates(Set.of(0, 1, 2), Set.of(), restored);
  }

  /** An upload time, by the number of the day and the time of day. */
  private static long at(long day, String time) {
    return ChronoUnit.MICROS.between(
            Instant.EPOCH, Instant.parse("1970-01-01T%s:00Z".formatted(time)))
        + day * Duration.ofDays(1).toNanos() / 1_000;
  }

  private void read(int partition, long day, String time) {
    partitions.read(partition, at(day, time), offset++);
  }

  private void readAll(long day, String time) {
    for (int partition = 0; partition < 3; partition++) {
      read(partition, day, time);
    }
  }

  private String refusal(long batch, Integer... leftOut) {
    return judge.refusal(partitions, batch, false, List.of(leftOut)).orElse("");
  }

  private String refusalOfForce(long batch) {
    return judge.refusal(partitions, batch, true, List.of()).orElse("");
  }

  @Test
  void batchClosesByItselfWhenEveryPartitionHasPassedItsEndByTheDelay() {
    readAll(DAY, "10:00");
    read(0, DAY + 1, "01:00");
    read(1, DAY + 1, "01:00");
    read(2, DAY + 1, "00:59");
    assertThat(judge.automatic(partitions)).isEqualTo(BatchNumbers.NONE);

    read(2, DAY + 1, "01:00");
    assertThat(judge.automatic(partitions)).isEqualTo(DAY);
  }

  @Test
  void noBatchClosesBeforeTheMachinesTimeHasPassedItsEnd() {
    now = Instant.EPOCH.plus(Duration.ofDays(DAY + 1)).minusMillis(1);
    readAll(DAY - 2, "10:00");
    readAll(DAY + 30, "10:00");
    assertThat(judge.automatic(partitions)).isEqualTo(DAY - 1);
    assertThat(judge.held(partitions, DAY - 1)).isEmpty();
    assertThat(refusal(DAY)).contains("this machine's clock is at", "server clock that is ahead");
    assertThat(refusalOfForce(DAY)).isEmpty();
    assertThat(refusalOfForce(DAY + 1)).contains("this machine's clock is at");

    now = now.plusMillis(1);
    assertThat(judge.automatic(partitions)).isEqualTo(DAY);
    assertThat(refusal(DAY)).isEmpty();
  }

  @Test
  void noBatchClosesByItselfBeforeTheFirstOneReached() {
    readAll(DAY, "10:00");

    assertThat(judge.automatic(partitions)).isEqualTo(BatchNumbers.NONE);
    assertThat(judge.held(partitions, BatchNumbers.NONE)).isEmpty();
  }

  @Test
  void aCloseWaitsForTheSlowestPartitionAndNamesIt() {
    readAll(DAY, "10:00");
    read(0, DAY + 1, "00:00");
    read(1, DAY + 1, "00:00");

    assertThat(refusal(DAY))
        .contains("Batch 20514 is not closed: it ends at 2026-03-03T00:00:00Z")
        .contains("of topic events partition 2 is at 2026-03-02T10:00:00Z.")
        .doesNotContain("partition 0", "partition 1")
        .contains("retire", "leave it out", "by force");
    read(2, DAY + 1, "00:00");
    assertThat(refusal(DAY)).isEmpty();
  }

  @Test
  void aSilentPartitionHoldsTheClose() {
    read(0, DAY, "10:00");
    read(0, DAY + 3, "10:00");
    read(1, DAY + 3, "10:00");
    partitions.read(2, Micros.UNKNOWN, 7);
    partitions.empty(Set.of());

    assertThat(judge.automatic(partitions)).isEqualTo(BatchNumbers.NONE);
    assertThat(judge.held(partitions, BatchNumbers.NONE).map(HeldClose::partition)).hasValue(2);
    assertThat(refusal(DAY)).contains("partition 2 has no progress so far");
  }

  @Test
  void aPartitionWithoutRecordsDoesNotCount() {
    read(0, DAY, "10:00");
    read(0, DAY + 1, "10:00");
    read(1, DAY + 1, "10:00");
    assertThat(refusal(DAY)).contains("partition 2");

    partitions.empty(Set.of(2));
    assertThat(refusal(DAY)).isEmpty();
    assertThat(judge.automatic(partitions)).isEqualTo(DAY);
  }

  @Test
  void aPartitionThatRetentionHasEmptiedCountsAfterItWasRead() {
    readAll(DAY, "10:00");
    read(0, DAY + 1, "10:00");
    read(1, DAY + 1, "10:00");
    partitions.empty(Set.of(2));

    assertThat(refusal(DAY)).contains("partition 2");
  }

  @Test
  void noBatchThatNoPartitionHasReachedClosesNotEvenByForce() {
    readAll(DAY, "10:00");

    assertThat(refusalOfForce(DAY + 1))
        .contains("Batch 20515 is not closed, also not by force")
        .contains("fastest partition of topic events is at 2026-03-02T10:00:00Z");
    assertThat(refusalOfForce(DAY)).isEmpty();
  }

  @Test
  void nothingClosesBeforeTheFirstProgress() {
    assertThat(refusalOfForce(DAY)).contains("has no progress so far");
    assertThat(judge.automatic(partitions)).isEqualTo(BatchNumbers.NONE);
    assertThat(judge.held(partitions, BatchNumbers.NONE)).isEmpty();
  }

  @Test
  void leavingOutIsValidForOneRequest() {
    readAll(DAY, "10:00");
    read(0, DAY + 2, "10:00");
    read(1, DAY + 2, "10:00");

    assertThat(refusal(DAY, 2)).isEmpty();
    assertThat(refusal(DAY)).contains("partition 2");
    assertThat(judge.automatic(partitions)).isEqualTo(BatchNumbers.NONE);
  }

  @Test
  void leavingOutEveryPartitionIsNoForce() {
    readAll(DAY, "10:00");

    assertThat(refusal(DAY, 0, 1, 2)).contains("empty, retired or left out");
  }

  @Test
  void unknownPartitionsAreNamed() {
    readAll(DAY + 1, "10:00");

    assertThat(refusal(DAY, 9)).contains("no partition 9. Expected one of [0, 1, 2]");
    assertThat(judge.refusalToRetire(partitions, 9)).isPresent();
    assertThat(judge.refusalToRetire(partitions, 2)).isEmpty();
  }

  @Test
  void aRetiredPartitionCountsAgainWithItsNextRecord() {
    readAll(DAY, "10:00");
    read(0, DAY + 1, "10:00");
    read(1, DAY + 1, "10:00");
    partitions.retire(2);
    assertThat(refusal(DAY)).isEmpty();

    read(2, DAY, "10:01");
    assertThat(refusal(DAY)).contains("partition 2 is at 2026-03-02T10:01:00Z");
  }

  @Test
  void aRepeatedRetirementBeginsAtItsOffset() {
    readAll(DAY + 1, "10:00");
    PartitionStates restored = states(List.of());
    restored.read(0, at(DAY + 1, "10:00"), 0);
    restored.read(1, at(DAY + 1, "10:00"), 0);
    restored.retire(2, 5);

    assertThat(judge.refusal(restored, DAY, false, List.of())).isPresent();
    restored.read(2, at(DAY, "10:00"), 4);
    assertThat(judge.refusal(restored, DAY, false, List.of())).isEmpty();
  }

  @Test
  void aRepeatedRetirementOfAPartitionThatWasReadSinceChangesNothing() {
    readAll(DAY, "10:00");
    read(0, DAY + 1, "10:00");
    read(1, DAY + 1, "10:00");
    partitions.retire(2, 1);

    assertThat(refusal(DAY)).contains("partition 2");
  }

  @Test
  void progressNeverFalls() {
    readAll(DAY + 1, "10:00");
    partitions.retire(2);
    read(2, DAY, "10:00");

    assertThat(refusal(DAY)).isEmpty();
  }

  @Test
  void progressThatAWrongClockMadeIsUndone() {
    PartitionState wrong = new PartitionState(2, at(DAY + 9, "10:00"), at(DAY, "10:00"), 5, null);

    assertThat(wrong.notAfter(at(DAY, "12:00")).reachedMicros()).isEqualTo(at(DAY, "12:00"));
  }

  @Test
  void partitionsThatAnOptionRetiresNeverCount() {
    PartitionStates two = new PartitionStates(Set.of(0), Set.of(1), List.of());
    two.read(0, at(DAY + 1, "10:00"), 0);
    two.read(1, at(DAY, "10:00"), 0);

    assertThat(judge.refusal(two, DAY, false, List.of())).isEmpty();
  }

  @Test
  void theSlowestPartitionHoldsACloseThatTheFastestOneHasPassed() {
    readAll(DAY, "10:00");
    read(0, DAY + 1, "01:00");
    read(1, DAY, "12:00");

    assertThat(judge.held(partitions, BatchNumbers.NONE).map(HeldClose::partition)).hasValue(2);
    assertThat(judge.held(partitions, BatchNumbers.NONE))
        .as("the oldest batch")
        .hasValue(new HeldClose(DAY, 2, at(DAY, "10:00")));
    assertThat(judge.held(partitions, DAY)).isEmpty();
    read(1, DAY + 1, "01:00");
    read(2, DAY + 1, "01:00");
    assertThat(judge.held(partitions, BatchNumbers.NONE)).isEmpty();
  }

  @Test
  void positionsAreTheOffsetsAfterTheLastRecord() {
    partitions.read(0, at(DAY, "10:00"), 16);

    assertThat(partitions.readTo()).isEqualTo(Map.of(0, 17L, 1, 0L, 2, 0L));
    assertThat(partitions.isReadTo(Map.of(0, 17L))).isTrue();
    assertThat(partitions.isReadTo(Map.of(0, 17L, 1, 1L))).isFalse();
  }

  @Test
  void stateSurvivesARestore() {
    readAll(DAY, "10:00");
    partitions.retire(2);

    assertThat(states(partitions.stored()).stored()).isEqualTo(partitions.stored());
  }
}
