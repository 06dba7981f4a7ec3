package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which events a shard admits, and when it seals their blocks. */
class ShardTest {
  private static final long DAY = 24 * 60;

  private final ShardHarness harness = new ShardHarness();

  /** The growth of the heap when the block of a minute is opened. */
  private long bytesToOpen(long minutes) {
    long before = harness.shard().openBytes();
    harness.offer("first of " + minutes, minutes);
    return harness.shard().openBytes() - before;
  }

  @Test
  void nextBlockHasRoomForAsManyAsTheLastAndALatePartForFew() {
    for (int i = 0; i < 1000; i++) {
      harness.offer("id" + i, 20);
    }

    assertThat(bytesToOpen(12)).isLessThan(3_000);
    assertThat(bytesToOpen(25)).isGreaterThan((16 + 21 + 8) * 1000);
  }

  @Test
  void resentEventIsDroppedAfterAnHourOfSilence() {
    harness.offer("a", 2);
    harness.passed(120);

    assertThat(harness.shard().openIntervals()).isEmpty();
    assertThat(harness.offer("a", 2)).isEqualTo(Admission.DUPLICATE);
  }

  @Test
  void retryIsDroppedWithinTheWindowBeforeAndAfter() {
    assertThat(harness.offer("a", 22)).isEqualTo(Admission.ADMITTED);
    assertThat(harness.offer("a", 34)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("a", 10)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("a", 9)).isEqualTo(Admission.ADMITTED);
    assertThat(harness.offer("a", 35)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void windowReachesOverOpenAndSealedBlocks() {
    harness.offer("a", 22);
    harness.passed(1000);

    assertThat(harness.offer("a", 34)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("a", 10)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("a", 35)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void fingerprintsThatAgreeInHalfTheirBitsAreDifferentEvents() {
    for (boolean sealed : new boolean[] {false, true}) {
      harness.begin();
      long[] halves = {5, -5, 1L << 40};
      for (long high : halves) {
        for (long low : halves) {
          assertThat(
                  harness
                      .shard()
                      .offer(high, low, 2 * ShardHarness.MINUTE, new byte[] {0})
                      .admission())
              .isEqualTo(Admission.ADMITTED);
        }
        if (sealed) {
          harness.shard().openIntervals().forEach(harness.shard()::seal);
        }
      }
      for (long high : halves) {
        assertThat(
                harness.shard().offer(high, 5, 2 * ShardHarness.MINUTE, new byte[] {0}).admission())
            .isEqualTo(Admission.DUPLICATE);
        assertThat(
                harness.shard().offer(high, 6, 2 * ShardHarness.MINUTE, new byte[] {0}).admission())
            .isEqualTo(Admission.ADMITTED);
      }
    }
  }

  @Test
  void blockLeavesWhenTheFrontierHasPassedItByTheWindow() {
    harness.offer("a", 2);
    harness.shard().advanceFrontier(15 * ShardHarness.MINUTE - 1);
    assertThat(harness.shard().due(0)).isEmpty();
    harness.shard().advanceFrontier(15 * ShardHarness.MINUTE);
    assertThat(harness.shard().due(0)).containsExactly(0L);
  }

  @Test
  void latePartIsAnotherBlockOfTheSameIntervalWithTheNextSequence() {
    harness.offer("a", 2);
    harness.shard().advanceFrontier(100 * ShardHarness.MINUTE);
    SealedBlock first = harness.shard().seal(0);
    harness.offer("late", 3);
    assertThat(harness.shard().due(0)).isEmpty();
    harness.shard().advanceFrontier(110 * ShardHarness.MINUTE);
    SealedBlock second = harness.shard().seal(0);

    assertThat(List.of(first.sequence(), second.sequence())).containsExactly(1L, 2L);
    assertThat(second.rows()).isEqualTo(1);
    assertThat(harness.offer("a", 2)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("late", 2)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.shard().coldSize()).isEqualTo(2);
  }

  @Test
  void frontierThatFollowedAWrongClockHoldsNoBlockBack() {
    harness.offer("a", 2);
    harness.passed(30 * DAY);
    harness.offer("late", 3);
    assertThat(harness.shard().due(1_000)).isEmpty();
    assertThat(harness.shard().due(1_000 + 15 * 60_000 - 1)).isEmpty();

    assertThat(harness.shard().due(1_000 + 15 * 60_000)).containsExactly(0L);
  }

  @Test
  void machineTimeSealsNoBlockThatTheFrontierHasNotPassed() {
    harness.offer("a", 2);
    harness.shard().advanceFrontier(4 * ShardHarness.MINUTE);
    harness.shard().due(0);

    assertThat(harness.shard().due(Long.MAX_VALUE / 2)).isEmpty();
  }

  @Test
  void tooLateFollowsTheEventsOwnPartition() {
    long progress = DAY + 10;

    assertThat(harness.offer("a", 2)).as("no progress").isEqualTo(Admission.ADMITTED);
    assertThat(harness.offerAt(progress, "b", 9)).isEqualTo(Admission.TOO_LATE);
    assertThat(harness.offerAt(progress, "b", 10)).isEqualTo(Admission.ADMITTED);
    assertThat(harness.offerAt(progress - 5, "c", 9)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void otherPartitionsMakeNoEventTooLate() {
    harness.shard().advancePartition(0, 10 * DAY * ShardHarness.MINUTE, Set.of(0));

    assertThat(harness.offerAt(10, "a", 9)).isEqualTo(Admission.ADMITTED);
  }

  /** The other partition may be retired, or the event's partition may have been added. */
  @Test
  void eventBelowTheFloorIsUnknownWhereFingerprintsHaveLeft() {
    harness.offer("a", 2);
    harness.passed(60);
    harness.shard().advancePartition(0, 10 * DAY * ShardHarness.MINUTE, Set.of(0));

    assertThat(harness.offerAt(10, "a", 2)).isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offerAt(10, "b", 14)).isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offerAt(10, "b", 15)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void stepAfterAWrongClockIsUndone() {
    harness.offer("a", DAY + 2);
    harness.passed(DAY + 60);
    harness.offer("open", DAY + 50);
    harness.passed(30 * DAY);
    harness.shard().advancePartition(0, 30 * DAY * ShardHarness.MINUTE, Set.of(0));

    harness.restartNotAfter(DAY + 60);

    assertThat(harness.shard().progressMicros()).containsValue((DAY + 60) * ShardHarness.MINUTE);
    assertThat(harness.shard().frontierMicros()).isEqualTo((DAY + 60) * ShardHarness.MINUTE);
    assertThat(harness.offerAt(DAY + 60, "a", DAY + 2))
        .as("its fingerprint has left")
        .isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offerAt(DAY + 60, "new", DAY + 65)).isEqualTo(Admission.ADMITTED);
    harness.passed(DAY + 80);
    assertThat(harness.shard().openIntervals()).isEmpty();
    harness.shard().advancePartition(0, (2 * DAY + 30) * ShardHarness.MINUTE, Set.of(0));
    assertThat(harness.offerAt(DAY + 90, "new", DAY + 66)).isEqualTo(Admission.DUPLICATE);
  }

  /** The wrong clock's own fingerprints have left, too, far ahead of the undo. */
  @Test
  void rightEventsAreDecidedAfterTheUndoOfALongWrongClock() {
    harness.offer("a", 2);
    harness.offer("stray", 20 * DAY);
    for (long hour = 0; hour < 26; hour++) {
      harness.offer("wrong" + hour, 30 * DAY + hour * 60);
    }
    harness.passed(32 * DAY);
    harness.shard().advancePartition(0, 32 * DAY * ShardHarness.MINUTE, Set.of(0));

    harness.restartNotAfter(60);

    assertThat(harness.offer("a", 2)).isEqualTo(Admission.UNKNOWN);
    for (long day : new long[] {1, 10, 19, 21, 29}) {
      assertThat(harness.offer("new", day * DAY)).isEqualTo(Admission.ADMITTED);
      assertThat(harness.offer("new", day * DAY)).isEqualTo(Admission.DUPLICATE);
    }
    assertThat(harness.offer("stray", 20 * DAY)).isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offer("wrong3", 30 * DAY + 180)).isEqualTo(Admission.UNKNOWN);
    harness.restart();
    assertThat(harness.offer("stray", 20 * DAY)).isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offer("later", 22 * DAY)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void blockThatIsNotOpenCannotBeSealed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> harness.shard().seal(5))
        .withMessageContaining("Shard 3");
  }
}
