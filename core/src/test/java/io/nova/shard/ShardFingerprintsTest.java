package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

/** Fingerprints of sealed blocks: known, removed, and rebuilt for the next event. */
class ShardFingerprintsTest {
  /** The heap that the count of one interval takes, as the shard counts it. */
  private static final long COUNT_BYTES = 96;

  private final ShardHarness harness = new ShardHarness();

  /** Events of a day, whose blocks are sealed soon; the lateness limit stays where it is. */
  private void dayWithoutProgress(int day) {
    for (long minute = 0; minute < 24 * 60; minute += 5) {
      for (int i = 0; i < 10; i++) {
        harness.offer(day + "/" + minute + "/" + i, day * 1440L + minute);
      }
      harness.passed(day * 1440L + minute + 20);
    }
  }

  @Test
  void forgottenFingerprintsAreUnknownNeverGuessed() {
    harness.offer("a", 2);
    harness.passed(120);
    harness.shard().flush();
    harness.state().forgetCold(0);
    harness.open();

    assertThat(harness.offer("a", 2)).isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offer("new", 14)).isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offer("new", 15)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void aLongerWindowThanBeforeMeetsUnknownWhereFingerprintsHaveLeft() {
    long floor = 24 * 60;
    harness.offer("old", floor - 11);
    harness.passed(floor + 60);
    harness.shard().advancePartition(0, 48 * 60 * ShardHarness.MINUTE, Set.of(0));

    assertThat(offer(1, floor, 2)).isEqualTo(Admission.ADMITTED);
    assertThat(offer(2, floor, 3)).isEqualTo(Admission.UNKNOWN);
    assertThat(offer(2, floor + 5, 3)).isEqualTo(Admission.ADMITTED);
    harness.restart();
    assertThat(offer(3, floor, 3)).isEqualTo(Admission.UNKNOWN);
  }

  private Admission offer(long fingerprint, long minutes, int windowBlocks) {
    long micros = minutes * ShardHarness.MINUTE;
    return harness
        .shard()
        .offer(Offer.of(fingerprint, fingerprint, micros, new byte[] {0}, windowBlocks))
        .admission();
  }

  @Test
  void whatTheBackstopHasForgottenIsUnknownAlsoBehindAnIndexThatStillNamesIt() {
    harness.offer("a", 2);
    harness.passed(100);
    assertThat(harness.offer("b", 2)).isEqualTo(Admission.ADMITTED);
    harness.state().forgetCold(0);
    harness.open();

    assertThat(harness.offer("a", 2)).isEqualTo(Admission.UNKNOWN);
    assertThat(harness.offer("d", 2)).isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void aLatePartDoesNotHideThatItsBlockWasForgotten() {
    harness.open(1);
    harness.offer("a", 2);
    harness.passed(100);
    harness.offer("b", 2);
    harness.state().forgetCold(0);
    harness.passed(200);

    assertThat(harness.offer("b", 2)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("a", 2)).isEqualTo(Admission.UNKNOWN);
  }

  @Test
  void indexesThatNoWindowAsksForAreDroppedWhileNoPartitionAdvances() {
    dayWithoutProgress(0);
    dayWithoutProgress(1);
    long indexes =
        harness.shard().fingerprintBytes() - COUNT_BYTES * harness.state().coldCounts().size();
    for (int day = 2; day < 8; day++) {
      dayWithoutProgress(day);
    }

    assertThat(
            harness.shard().fingerprintBytes() - COUNT_BYTES * harness.state().coldCounts().size())
        .isLessThan(indexes * 3 / 2);
    assertThat(harness.offer("3/600/4", 3 * 24 * 60 + 600)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("new", 3 * 24 * 60 + 600)).isEqualTo(Admission.ADMITTED);
  }

  @Test
  void anIndexOutOfUseIsDroppedOnDemandAndRebuiltForTheNextEvent() {
    dayWithoutProgress(0);
    dayWithoutProgress(1);
    long before = harness.shard().fingerprintBytes();
    assertThat(harness.shard().takeBuiltIndexBytes()).isPositive();
    harness.shard().beginIndexUse();
    harness.offer("1/1435/3", 24 * 60 + 1435);

    harness.shard().dropUnusedIndexes();

    assertThat(harness.shard().fingerprintBytes()).isLessThan(before);
    harness.shard().takeBuiltIndexBytes();
    assertThat(harness.offer("0/600/4", 600)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.shard().takeBuiltIndexBytes()).isPositive();
  }

  /** Without progress no floor removes them. */
  @Test
  void countsLeaveWithTheLastOfTheirFingerprints() {
    dayWithoutProgress(0);
    long all = harness.state().coldCounts().size();
    for (long interval = 0; interval < 100; interval++) {
      harness.state().forgetCold(interval);
    }
    harness.state().forgetCold(150);

    harness.shard().flush();

    assertThat(harness.state().coldCounts()).hasSize((int) all - 100).containsKey(150L);
    for (int start = 0; start < 2; start++) {
      assertThat(harness.offer("0/250/1", 250)).isEqualTo(Admission.UNKNOWN);
      assertThat(harness.offer("0/505/1", 505))
          .as("its window reaches below")
          .isEqualTo(Admission.DUPLICATE);
      assertThat(harness.offer("new", 505))
          .as("its window reaches below")
          .isEqualTo(Admission.UNKNOWN);
      assertThat(harness.offer("new" + start, 515)).isEqualTo(Admission.ADMITTED);
      harness.restart();
    }
  }
}
