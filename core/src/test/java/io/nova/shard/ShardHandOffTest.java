package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.nova.event.Micros;
import io.nova.shard.fingerprint.FingerprintSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a shard decides after a restore to before the close of a batch that the batch layer has.
 * Blocks below 12, the first hour, are that batch. Of partition 0 it had read the offsets below
 * 100.
 */
class ShardHandOffTest {
  private static final long END = 12;
  private static final long DAY = 24 * 60;

  private final ShardHarness harness = new ShardHarness();

  private static FingerprintSet fingerprints(String... identities) {
    FingerprintSet fingerprints = new FingerprintSet();
    for (String identity : identities) {
      fingerprints.add(identity.hashCode(), 7);
    }
    return fingerprints;
  }

  private static HandedOffBatch batch(long end, long offset, Map<Long, FingerprintSet> lastWindow) {
    return new HandedOffBatch(end, Map.of(0, offset), lastWindow);
  }

  private Admission offer(String identity, long minutes, int partition, long offset) {
    return offer(identity, minutes, partition, offset, 2);
  }

  private Admission offer(
      String identity, long minutes, int partition, long offset, int windowBlocks) {
    Offer offer =
        Offer.of(
            identity.hashCode(), 7, minutes * ShardHarness.MINUTE, new byte[] {0}, windowBlocks);
    offer.partition = partition;
    offer.offset = offset;
    return harness.shard().offer(offer).admission();
  }

  private void handOff(Map<Long, FingerprintSet> lastWindow) {
    harness.shard().handOff(List.of(batch(END, 100, lastWindow)));
  }

  @Test
  void replayedMessageBelowTheClosingOffsetsIsHandedOffAndALaterOneIsLate() {
    handOff(Map.of());

    assertThat(offer("a", 2, 0, 99)).isEqualTo(Admission.HANDED_OFF);
    assertThat(offer("a", 2, 0, 100)).isEqualTo(Admission.UNKNOWN);
    assertThat(offer("a", 2, 1, 5)).as("nothing was read").isEqualTo(Admission.UNKNOWN);
    assertThat(offer("a", 60, 0, 99)).as("next batch").isEqualTo(Admission.ADMITTED);
  }

  @Test
  void tooLateComesBeforeHandedOffSinceItIsTheSameInEveryReplay() {
    handOff(Map.of());
    Offer offer = Offer.of(1, 1, 2 * ShardHarness.MINUTE, new byte[] {0}, 2);
    offer.progressMicros = (DAY + 10) * ShardHarness.MINUTE;

    assertThat(harness.shard().offer(offer).admission()).isEqualTo(Admission.TOO_LATE);
  }

  @Test
  void retryInTheNextBatchMeetsItsFirstCopyInTheTag() {
    handOff(Map.of(11L, fingerprints("a")));

    assertThat(offer("a", 69, 0, 200)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("b", 60, 0, 201)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void messageInTheLastWindowIsHandedOffOnlyWhereTheTagHasItsIdentity() {
    handOff(Map.of(11L, fingerprints("a")));
    assertThat(offer("b", 61, 0, 50)).isEqualTo(Admission.ADMITTED);

    assertThat(offer("a", 57, 0, 98)).isEqualTo(Admission.HANDED_OFF);
    assertThat(offer("b", 57, 0, 99)).as("a copy in the next batch").isEqualTo(Admission.DUPLICATE);
    assertThat(offer("c", 57, 0, 97)).as("it reaches below the tail").isEqualTo(Admission.UNKNOWN);
    assertThat(offer("c", 57, 0, 97, 1)).isEqualTo(Admission.BATCH_CLOSED);
    assertThat(offer("c", 49, 0, 97)).as("above its window").isEqualTo(Admission.HANDED_OFF);
  }

  @Test
  void rowsAndFingerprintsOfTheBatchLeaveTheShardAndThoseOfTheNextStay() {
    harness.offer("sealed", 2);
    harness.passed(30);
    harness.offer("open", 57);
    harness.offer("next", 62);
    harness.shard().flush();
    handOff(Map.of());

    assertThat(harness.shard().openIntervals()).containsExactly(12L);
    harness.restart();
    assertThat(harness.shard().openIntervals()).containsExactly(12L);
    assertThat(harness.shard().coldSize()).isZero();
    assertThat(offer("open", 62, 0, 200)).as("no row has it").isEqualTo(Admission.ADMITTED);
    assertThat(offer("next", 57, 0, 201)).isEqualTo(Admission.DUPLICATE);
  }

  @Test
  void fingerprintsOfABatchThatWasClosedBeforeStay() {
    harness.offer("a", 28);
    harness.passed(60);
    harness.shard().closeBelow(6);
    handOff(Map.of());

    assertThat(offer("a", 28, 0, 200)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("b", 18, 0, 201)).isEqualTo(Admission.BATCH_CLOSED);
    assertThat(offer("b", 21, 0, 202)).isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void eachBatchHasItsOwnClosingOffsetsAndItsOwnLastWindow() {
    harness
        .shard()
        .handOff(
            List.of(
                batch(2 * END, 50, Map.of(23L, fingerprints("b"))),
                batch(END, 100, Map.of(11L, fingerprints("a")))));

    assertThat(offer("x", 80, 0, 49)).isEqualTo(Admission.HANDED_OFF);
    assertThat(offer("x", 80, 0, 99)).as("the later batch").isEqualTo(Admission.UNKNOWN);
    assertThat(offer("x", 20, 0, 99)).isEqualTo(Admission.HANDED_OFF);
    assertThat(offer("a", 57, 0, 99)).isEqualTo(Admission.HANDED_OFF);
    assertThat(offer("c", 57, 0, 99)).as("its own last window").isEqualTo(Admission.UNKNOWN);
    assertThat(offer("c", 57, 0, 49)).as("below the later batch").isEqualTo(Admission.HANDED_OFF);
    assertThat(offer("b", 121, 0, 200)).isEqualTo(Admission.DUPLICATE);
  }

  @Test
  void windowThatReachesToABatchWhoseTagLacksFingerprintsIsUnknown() {
    harness
        .shard()
        .handOff(
            List.of(
                new HandedOffBatch(END - 1, Map.of(0, 100L), Map.of(), END - 1),
                batch(END, 100, Map.of())));

    assertThat(offer("a", 60, 0, 200, 1)).isEqualTo(Admission.ADMITTED);
    assertThat(offer("b", 60, 0, 201, 2)).isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void closingOffsetsAreRestoredAndLeaveWhenEveryPartitionIsReadAgain() {
    harness.shard().handOff(List.of(new HandedOffBatch(END, Map.of(0, 100L, 1, 10L), Map.of())));
    harness.shard().readTo().read(0, 99);
    harness.restart();
    assertThat(harness.shard().closedBelow()).isEqualTo(END);
    assertThat(offer("a", 2, 1, 9)).isEqualTo(Admission.HANDED_OFF);

    harness.shard().readTo().read(1, 8);
    harness.shard().flush();
    assertThat(offer("a", 2, 1, 9)).isEqualTo(Admission.HANDED_OFF);

    harness.shard().readTo().read(1, 9);
    harness.shard().flush();
    assertThat(offer("a", 2, 1, 9)).isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void shardWithoutABatchToLeaveIsUnchanged() {
    harness.offer("a", 2);
    harness.shard().handOff(Set.of());

    assertThat(harness.shard().closedBelow()).isEqualTo(Micros.UNKNOWN);
    assertThat(harness.offer("a", 2)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("b", 2)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void fingerprintsAfterTheBatchAreAnError() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> batch(END, 1, Map.of(END, fingerprints("a"))))
        .withMessageContaining("12");
  }
}
