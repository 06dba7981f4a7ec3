package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.shard.fingerprint.ColdCache;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShardTest {
  private static final long MINUTE = 60_000_000;
  private static final BlockRules RULES =
      new BlockRules(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofHours(24));

  /** The heap that the count of one interval takes, as the shard counts it. */
  private static final long COUNT_BYTES = 96;

  private HeapShardState state = new HeapShardState();
  private Shard shard = shard();
  private long offered;

  private Shard shard() {
    return new Shard(3, RULES, state, new ColdCache(1 << 20));
  }

  private void restart() {
    shard.flush();
    state = state.copy();
    shard = shard();
  }

  private Admission offer(String identity, long minutes) {
    byte[] row = (identity + "#" + offered++).getBytes(StandardCharsets.UTF_8);
    return shard.offer(identity.hashCode(), 7, minutes * MINUTE, row).admission();
  }

  private void passed(long minutes) {
    shard.advanceFrontier(minutes * MINUTE);
    shard.due().forEach(shard::seal);
  }

  private static List<byte[]> rows(SealedBlock block) {
    List<byte[]> rows = new ArrayList<>();
    block.forEachRow(
        (high, low, bytes, offset, length) ->
            rows.add(Arrays.copyOfRange(bytes, offset, offset + length)));
    return rows;
  }

  /** The growth of the heap when the block of a minute is opened. */
  private long bytesToOpen(long minutes) {
    long before = shard.openBytes();
    offer("first of " + minutes, minutes);
    return shard.openBytes() - before;
  }

  @Test
  void nextBlockHasRoomForAsManyAsTheLastAndALatePartForFew() {
    for (int i = 0; i < 1000; i++) {
      offer("id" + i, 20);
    }

    assertThat(bytesToOpen(12)).isLessThan(3_000);
    assertThat(bytesToOpen(25)).isGreaterThan((16 + 21 + 8) * 1000);
  }

  @Test
  void resentEventIsDroppedAfterAnHourOfSilence() {
    offer("a", 2);
    passed(120);

    assertThat(shard.openIntervals()).isEmpty();
    assertThat(offer("a", 2)).isEqualTo(Admission.DUPLICATE);
  }

  @Test
  void retryIsDroppedWithinTheWindowBeforeAndAfter() {
    assertThat(offer("a", 22)).isEqualTo(Admission.ADMITTED);
    assertThat(offer("a", 34)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("a", 10)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("a", 9)).isEqualTo(Admission.ADMITTED);
    assertThat(offer("a", 35)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void windowReachesOverOpenAndSealedBlocks() {
    offer("a", 22);
    passed(1000);

    assertThat(offer("a", 34)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("a", 10)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("a", 35)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void blockLeavesWhenTheFrontierHasPassedItByTheWindow() {
    offer("a", 2);
    shard.advanceFrontier(15 * MINUTE - 1);
    assertThat(shard.due()).isEmpty();
    shard.advanceFrontier(15 * MINUTE);
    assertThat(shard.due()).containsExactly(0L);
  }

  @Test
  void latePartIsAnotherBlockOfTheSameIntervalWithTheNextSequence() {
    offer("a", 2);
    shard.advanceFrontier(100 * MINUTE);
    SealedBlock first = shard.seal(0);
    offer("late", 3);
    assertThat(shard.due()).isEmpty();
    shard.advanceFrontier(110 * MINUTE);
    SealedBlock second = shard.seal(0);

    assertThat(List.of(first.sequence(), second.sequence())).containsExactly(1L, 2L);
    assertThat(second.rows()).isEqualTo(1);
    assertThat(offer("a", 2)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("late", 2)).isEqualTo(Admission.DUPLICATE);
    assertThat(shard.coldSize()).isEqualTo(2);
  }

  @Test
  void tooLateFollowsTheSlowestPartition() {
    Set<Integer> both = Set.of(0, 1);
    long day = 24 * 60;
    shard.advancePartition(0, 10 * day * MINUTE, both);
    assertThat(offer("a", 2)).isEqualTo(Admission.ADMITTED);
    shard.advancePartition(1, (day + 10) * MINUTE, both);
    assertThat(offer("b", 9)).isEqualTo(Admission.TOO_LATE);
    assertThat(offer("b", 10)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void retiredPartitionDoesNotHoldBackWhatIsTooLate() {
    shard.advancePartition(0, 2 * 24 * 60 * MINUTE, Set.of(0));

    assertThat(offer("b", 9)).isEqualTo(Admission.TOO_LATE);
  }

  @Test
  void forgottenFingerprintsAreUnknownNeverGuessed() {
    offer("a", 2);
    passed(120);
    shard.flush();
    state = state.copy();
    state.forgetCold(0);
    shard = shard();

    assertThat(offer("a", 2)).isEqualTo(Admission.UNKNOWN);
    assertThat(offer("new", 14)).isEqualTo(Admission.UNKNOWN);
    assertThat(offer("new", 15)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void restoredShardDecidesAsTheOneBefore() {
    offer("open", 100);
    offer("sealed", 2);
    passed(100);
    shard.tally().of("1").admitted = 5;
    restart();

    assertThat(shard.frontierMicros()).isEqualTo(100 * MINUTE);
    assertThat(shard.sequence()).isEqualTo(1);
    assertThat(shard.tally().of("1").admitted).isEqualTo(5);
    assertThat(offer("open", 104)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("sealed", 10)).isEqualTo(Admission.DUPLICATE);
  }

  @Test
  void blockComesBackFromTheLogWholeAfterAnyNumberOfFlushes() {
    Random random = new Random(1);
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      byte[] row = new byte[random.nextInt(8) == 0 ? 20_000 : random.nextInt(2000)];
      random.nextBytes(row);
      expected.add(row);
      assertThat(shard.offer(i, -i, 2 * MINUTE, row).admission()).isEqualTo(Admission.ADMITTED);
      if (random.nextInt(10) == 0) {
        shard.flush();
      }
      if (random.nextInt(20) == 0) {
        restart();
      }
    }
    SealedBlock block = shard.seal(0);

    assertThat(block.rows()).isEqualTo(400);
    assertThat(rows(block))
        .usingElementComparator(Arrays::compare)
        .containsExactlyElementsOf(expected);
    state.segments((id, stored) -> assertThat(id).as("left in the log").isNull());
  }

  @Test
  void rowOfTenMegabytesPasses() {
    byte[] large = new byte[10 << 20];
    new Random(1).nextBytes(large);
    offer("before", 2);
    shard.offer(1, 2, 2 * MINUTE, large);
    offer("after", 2);
    restart();

    assertThat(rows(shard.seal(0)).get(1)).isEqualTo(large);
  }

  @Test
  void damagedOrMissingSegmentFailsTheRestore() {
    offer("a", 2);
    shard.flush();
    byte[] header = state.header();
    HeapShardState missing = new HeapShardState();
    missing.putHeader(header);
    HeapShardState damaged = state.copy();
    state.segments(
        (id, stored) -> {
          missing.putSegment(new ShardState.SegmentId(id.interval(), 1), stored);
          stored[stored.length - 1] ^= 1;
          damaged.putSegment(id, stored);
        });

    for (HeapShardState broken : List.of(missing, damaged)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> new Shard(3, RULES, broken, new ColdCache(1)))
          .withMessageContaining("estore an older checkpoint");
    }
  }

  @Test
  void blockThatIsNotOpenCannotBeSealed() {
    assertThatIllegalStateException()
        .isThrownBy(() -> shard.seal(5))
        .withMessageContaining("Shard 3");
  }

  private Decision offer(long high, long low, long minutes, String payload, ConflictRule rule) {
    byte[] row = {1, 2, 0};
    Offer offer = Offer.of(high, low, minutes * MINUTE, row, 2).tracking(digest(payload), rule);
    return shard.offer(offer);
  }

  private static long digest(String payload) {
    return payload.hashCode() * 0x9E3779B97F4A7C15L;
  }

  private static Decision found(Admission admission, CopyKind kind, long gapBlocks) {
    return Decision.of(admission, kind, gapBlocks);
  }

  @Test
  void fingerprintsThatAgreeInHalfTheirBitsAreDifferentEvents() {
    for (boolean sealed : new boolean[] {false, true}) {
      shard = shard();
      state = new HeapShardState();
      shard = shard();
      long[] halves = {5, -5, 1L << 40};
      for (long high : halves) {
        for (long low : halves) {
          assertThat(shard.offer(high, low, 2 * MINUTE, new byte[] {0}).admission())
              .isEqualTo(Admission.ADMITTED);
        }
        if (sealed) {
          shard.openIntervals().forEach(shard::seal);
        }
      }
      for (long high : halves) {
        assertThat(shard.offer(high, 5, 2 * MINUTE, new byte[] {0}).admission())
            .isEqualTo(Admission.DUPLICATE);
        assertThat(shard.offer(high, 6, 2 * MINUTE, new byte[] {0}).admission())
            .isEqualTo(Admission.ADMITTED);
      }
    }
  }

  @Test
  void anotherPayloadMeetsTheRuleWhetherTheFirstIsOpenSealedOrRestored() {
    for (int seal = 0; seal < 3; seal++) {
      state = new HeapShardState();
      shard = shard();
      offer(1, 1, 2, "a", ConflictRule.KEEP_FIRST);
      offer(2, 2, 2, "a", ConflictRule.KEEP_BOTH);
      if (seal == 1) {
        passed(100);
      } else if (seal == 2) {
        restart();
      }

      assertThat(offer(1, 1, 3, "b", ConflictRule.KEEP_FIRST))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.CONFLICTING, 0));
      assertThat(offer(1, 1, 8, "b", ConflictRule.REJECT))
          .isEqualTo(found(Admission.CONFLICTING, CopyKind.CONFLICTING, 1));
      assertThat(offer(1, 1, 13, "a", ConflictRule.REJECT))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.NATURAL, 2));
      assertThat(offer(2, 2, -4, "b", ConflictRule.KEEP_BOTH))
          .isEqualTo(found(Admission.ADMITTED_BESIDE, CopyKind.CONFLICTING, -1));
      assertThat(offer(2, 2, 8, "b", ConflictRule.KEEP_BOTH))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.NATURAL, 2));
      assertThat(offer(2, 2, 8, "a", ConflictRule.KEEP_BOTH))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.NATURAL, 1));
      restart();
      assertThat(offer(2, 2, 3, "b", ConflictRule.KEEP_BOTH))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.NATURAL, 1));
      assertThat(offer(2, 2, 3, "c", ConflictRule.KEEP_BOTH).admission())
          .isEqualTo(Admission.ADMITTED_BESIDE);
    }
  }

  @Test
  void aPayloadIsSoughtWithinTheWindowOnly() {
    for (boolean sealed : new boolean[] {false, true}) {
      state = new HeapShardState();
      shard = shard();
      offer(1, 1, 2, "a", ConflictRule.REJECT);
      offer(1, 1, 17, "b", ConflictRule.REJECT);
      if (sealed) {
        passed(100);
      }

      assertThat(offer(1, 1, 22, "a", ConflictRule.REJECT))
          .isEqualTo(found(Admission.CONFLICTING, CopyKind.CONFLICTING, 1));
      assertThat(offer(1, 1, 12, "a", ConflictRule.REJECT))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.NATURAL, 2));
    }
  }

  @Test
  void aCopyOfAnUntrackedEventIsNoConflict() {
    for (int seal = 0; seal < 3; seal++) {
      state = new HeapShardState();
      shard = shard();
      shard.offer(Offer.of(1, 1, 2 * MINUTE, new byte[] {0}, 2));
      offer(1, 1, 17, "b", ConflictRule.REJECT);
      if (seal == 1) {
        passed(100);
      } else if (seal == 2) {
        restart();
      }

      assertThat(offer(1, 1, 3, "b", ConflictRule.REJECT))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.UNKNOWN, 0));
      assertThat(offer(1, 1, 12, "c", ConflictRule.KEEP_BOTH))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.UNKNOWN, 2));
      assertThat(offer(1, 1, 22, "c", ConflictRule.REJECT))
          .isEqualTo(found(Admission.CONFLICTING, CopyKind.CONFLICTING, 1));
    }
  }

  @Test
  void payloadsAreKnownHoweverRowsAreStored() {
    for (int seed = 0; seed < 10; seed++) {
      Random random = new Random(seed);
      state = new HeapShardState();
      shard = shard();
      List<Boolean> tracked = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        tracked.add(random.nextInt(5) > 0);
        byte[] row = new byte[3 + random.nextInt(20_000)];
        assertThat(shard.offer(offer(i, row, tracked.get(i), 0)).admission())
            .isEqualTo(Admission.ADMITTED);
        switch (random.nextInt(50)) {
          case 0 -> shard.spill();
          case 1 -> restart();
          case 2 -> passed(100);
          default -> {}
        }
        int copy = random.nextInt(tracked.size());
        assertThat(shard.offer(offer(copy, row, true, 0)))
            .isEqualTo(
                found(
                    Admission.DUPLICATE,
                    tracked.get(copy) ? CopyKind.NATURAL : CopyKind.UNKNOWN,
                    0));
        assertThat(shard.offer(offer(copy, row, true, 1)))
            .isEqualTo(
                found(
                    Admission.DUPLICATE,
                    tracked.get(copy) ? CopyKind.CONFLICTING : CopyKind.UNKNOWN,
                    0));
      }
    }
  }

  @Test
  void payloadsCountAsMemoryAndAsFingerprintsButNotAsRows() {
    Shard tracking = new Shard(4, RULES, new HeapShardState(), new ColdCache(1 << 20));
    for (int i = 0; i < 1000; i++) {
      shard.offer(offer(i, new byte[3], false, 0));
      tracking.offer(offer(i, new byte[3], true, 0));
    }
    assertThat(tracking.fingerprintBytes() - shard.fingerprintBytes()).isBetween(16_000L, 36_000L);
    assertThat(tracking.openViews().get(0).rows()).isEqualTo(1000);
    assertThat(tracking.seal(0).rows()).isEqualTo(1000);
    assertThat(tracking.coldSize()).isEqualTo(2000);
  }

  private static Offer offer(long identity, byte[] row, boolean tracked, int payload) {
    Offer offer = Offer.of(identity, -identity, 2 * MINUTE, row, 2);
    return tracked
        ? offer.tracking(digest(identity + "/" + payload), ConflictRule.KEEP_FIRST)
        : offer;
  }

  @Test
  void aLongerWindowThanBeforeMeetsUnknownWhereFingerprintsHaveLeft() {
    Set<Integer> one = Set.of(0);
    shard.advancePartition(0, 48 * 60 * MINUTE, one);
    long floor = 24 * 60;

    assertThat(shard.offer(Offer.of(1, 1, floor * MINUTE, new byte[] {0}, 2)).admission())
        .isEqualTo(Admission.ADMITTED);
    assertThat(shard.offer(Offer.of(2, 2, floor * MINUTE, new byte[] {0}, 3)).admission())
        .isEqualTo(Admission.UNKNOWN);
    assertThat(shard.offer(Offer.of(2, 2, (floor + 5) * MINUTE, new byte[] {0}, 3)).admission())
        .isEqualTo(Admission.ADMITTED);
    restart();
    assertThat(shard.offer(Offer.of(3, 3, floor * MINUTE, new byte[] {0}, 3)).admission())
        .isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void whatTheBackstopHasForgottenIsUnknownAlsoBehindAnIndexThatStillNamesIt() {
    offer("a", 2);
    passed(100);
    assertThat(offer("b", 2)).isEqualTo(Admission.ADMITTED);
    state.forgetCold(0);
    shard = shard();

    assertThat(offer("a", 2)).isEqualTo(Admission.UNKNOWN);
    assertThat(offer("d", 2)).isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void aLatePartDoesNotHideThatItsBlockWasForgotten() {
    shard = new Shard(3, RULES, state, new ColdCache(1));
    offer("a", 2);
    passed(100);
    offer("b", 2);
    state.forgetCold(0);
    passed(200);

    assertThat(offer("b", 2)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("a", 2)).isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void spilledRowsComeBackWhenTheirBlockIsSealed() {
    Random random = new Random(1);
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      byte[] row = new byte[500];
      random.nextBytes(row);
      expected.add(row);
      shard.offer(i, i, MINUTE, row);
    }
    long before = shard.rowBytes();

    shard.spill();

    assertThat(shard.rowBytes()).isLessThan(before / 10);
    assertThat(shard.offer(7, 7, MINUTE, new byte[1]).admission()).isEqualTo(Admission.DUPLICATE);
    assertThat(rows(shard.seal(0))).usingElementComparator(Arrays::compare).isEqualTo(expected);
  }

  /** Events of a day, whose blocks are sealed soon; the lateness limit stays where it is. */
  private void dayWithoutProgress(int day) {
    for (long minute = 0; minute < 24 * 60; minute += 5) {
      for (int i = 0; i < 10; i++) {
        offer(day + "/" + minute + "/" + i, day * 1440L + minute);
      }
      passed(day * 1440L + minute + 20);
    }
  }

  @Test
  void indexesThatNoWindowAsksForAreDroppedWhileNoPartitionAdvances() {
    dayWithoutProgress(0);
    dayWithoutProgress(1);
    long indexes = shard.fingerprintBytes() - COUNT_BYTES * state.coldCounts().size();
    for (int day = 2; day < 8; day++) {
      dayWithoutProgress(day);
    }

    assertThat(shard.fingerprintBytes() - COUNT_BYTES * state.coldCounts().size())
        .isLessThan(indexes * 3 / 2);
    assertThat(offer("3/600/4", 3 * 24 * 60 + 600)).isEqualTo(Admission.DUPLICATE);
    assertThat(offer("new", 3 * 24 * 60 + 600)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void anIndexOutOfUseIsDroppedOnDemandAndRebuiltForTheNextEvent() {
    dayWithoutProgress(0);
    dayWithoutProgress(1);
    long before = shard.fingerprintBytes();
    assertThat(shard.takeBuiltIndexBytes()).isPositive();
    shard.beginIndexUse();
    offer("1/1435/3", 24 * 60 + 1435);

    shard.dropUnusedIndexes();

    assertThat(shard.fingerprintBytes()).isLessThan(before);
    shard.takeBuiltIndexBytes();
    assertThat(offer("0/600/4", 600)).isEqualTo(Admission.DUPLICATE);
    assertThat(shard.takeBuiltIndexBytes()).isPositive();
  }

  /** Without progress no floor removes them. */
  @Test
  void countsLeaveWithTheLastOfTheirFingerprints() {
    dayWithoutProgress(0);
    long all = state.coldCounts().size();
    for (long interval = 0; interval < 100; interval++) {
      state.forgetCold(interval);
    }
    state.forgetCold(150);

    shard.flush();

    assertThat(state.coldCounts()).hasSize((int) all - 100).containsKey(150L);
    for (int start = 0; start < 2; start++) {
      assertThat(offer("0/250/1", 250)).isEqualTo(Admission.UNKNOWN);
      assertThat(offer("0/505/1", 505))
          .as("its window reaches below")
          .isEqualTo(Admission.DUPLICATE);
      assertThat(offer("new", 505)).as("its window reaches below").isEqualTo(Admission.UNKNOWN);
      assertThat(offer("new" + start, 515)).isEqualTo(Admission.ADMITTED);
      restart();
    }
  }
}
