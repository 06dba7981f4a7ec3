package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.event.Micros;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a shard decides on events of closed batches. Blocks 0 and 1 belong to a closed batch. */
class ShardCloseTest {
  private static final long DAY = 24 * 60;

  private final ShardHarness harness = new ShardHarness();

  private Admission offer(String payload, long minutes, ConflictRule rule) {
    Offer offer = Offer.of(1, 1, minutes * ShardHarness.MINUTE, new byte[] {1, 2, 0}, 2);
    return harness.shard().offer(offer.tracking(payload.hashCode(), rule)).admission();
  }

  @Test
  void newEventOfAClosedBatchIsRejectedAndOneOfTheNextBatchIsNot() {
    harness.shard().closeBelow(2);

    assertThat(harness.offer("a", 9)).isEqualTo(Admission.BATCH_CLOSED);
    assertThat(harness.offer("a", 10)).isEqualTo(Admission.ADMITTED);
    assertThat(harness.shard().openIntervals()).containsExactly(2L);
  }

  @Test
  void copyOfAKnownEventIsADuplicateThoughItsBatchIsClosed() {
    harness.offer("sealed", 2);
    harness.passed(20);
    harness.offer("open", 3);
    harness.offer("next batch", 12);
    harness.shard().closeBelow(2);

    assertThat(harness.offer("sealed", 2)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("open", 8)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("open", 12)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("next batch", 8)).isEqualTo(Admission.DUPLICATE);
  }

  @Test
  void conflictingEventIsNotAdmittedIntoAClosedBatch() {
    offer("a", 2, ConflictRule.KEEP_BOTH);
    harness.shard().closeBelow(2);

    assertThat(offer("b", 3, ConflictRule.KEEP_BOTH)).isEqualTo(Admission.BATCH_CLOSED);
    assertThat(offer("b", 3, ConflictRule.KEEP_FIRST)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("b", 3, ConflictRule.REJECT)).isEqualTo(Admission.CONFLICTING);
    assertThat(offer("b", 12, ConflictRule.KEEP_BOTH)).isEqualTo(Admission.ADMITTED_BESIDE);
  }

  @Test
  void batchClosedSaysThatTheEventIsNew() {
    harness.offer("a", 2);
    harness.passed(60);
    harness.shard().closeBelow(4);
    harness.shard().advancePartition(0, 10 * DAY * ShardHarness.MINUTE, Set.of(0));

    assertThat(harness.offerAt(DAY + 60, "b", 14)).isEqualTo(Admission.TOO_LATE);
    assertThat(harness.offerAt(10, "b", 14)).isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offerAt(10, "b", 15)).isEqualTo(Admission.BATCH_CLOSED);
  }

  @Test
  void closeNeverGoesBackAndIsRestored() {
    assertThat(harness.shard().closedBelow()).isEqualTo(Micros.UNKNOWN);
    harness.shard().closeBelow(2);
    harness.shard().closeBelow(1);
    harness.restartNotAfter(1);

    assertThat(harness.shard().closedBelow()).isEqualTo(2);
    assertThat(harness.offer("a", 9)).isEqualTo(Admission.BATCH_CLOSED);
  }

  @Test
  void openBlocksOfAClosedBatchAreNamed() {
    harness.offer("a", 2);
    harness.offer("b", 7);
    harness.offer("c", 12);
    assertThat(harness.shard().closedIntervals()).isEmpty();
    harness.shard().closeBelow(2);

    assertThat(harness.shard().closedIntervals()).containsExactly(0L, 1L);
    harness.shard().closedIntervals().forEach(harness.shard()::seal);
    assertThat(harness.shard().openIntervals()).containsExactly(2L);
  }
}
