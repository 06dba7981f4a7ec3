package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.shard.fingerprint.ColdCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Copies of an event with the same payload, another one, or one that is not tracked. */
class ShardConflictsTest {
  private final ShardHarness harness = new ShardHarness();

  private Decision offer(long high, long low, long minutes, String payload, ConflictRule rule) {
    byte[] row = {1, 2, 0};
    Offer offer =
        Offer.of(high, low, minutes * ShardHarness.MINUTE, row, 2).tracking(digest(payload), rule);
    return harness.shard().offer(offer);
  }

  private static Offer event(long identity, byte[] row, boolean tracked, int payload) {
    Offer offer = Offer.of(identity, -identity, 2 * ShardHarness.MINUTE, row, 2);
    return tracked
        ? offer.tracking(digest(identity + "/" + payload), ConflictRule.KEEP_FIRST)
        : offer;
  }

  private static long digest(String payload) {
    return payload.hashCode() * 0x9E3779B97F4A7C15L;
  }

  private static Decision found(Admission admission, CopyKind kind, long gapBlocks) {
    return Decision.of(admission, kind, gapBlocks);
  }

  @Test
  void anotherPayloadMeetsTheRuleWhetherTheFirstIsOpenSealedOrRestored() {
    for (int seal = 0; seal < 3; seal++) {
      harness.begin();
      offer(1, 1, 2, "a", ConflictRule.KEEP_FIRST);
      offer(2, 2, 2, "a", ConflictRule.KEEP_BOTH);
      if (seal == 1) {
        harness.passed(100);
      } else if (seal == 2) {
        harness.restart();
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
      harness.restart();
      assertThat(offer(2, 2, 3, "b", ConflictRule.KEEP_BOTH))
          .isEqualTo(found(Admission.DUPLICATE, CopyKind.NATURAL, 1));
      assertThat(offer(2, 2, 3, "c", ConflictRule.KEEP_BOTH).admission())
          .isEqualTo(Admission.ADMITTED_BESIDE);
    }
  }

  @Test
  void aPayloadIsSoughtWithinTheWindowOnly() {
    for (boolean sealed : new boolean[] {false, true}) {
      harness.begin();
      offer(1, 1, 2, "a", ConflictRule.REJECT);
      offer(1, 1, 17, "b", ConflictRule.REJECT);
      if (sealed) {
        harness.passed(100);
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
      harness.begin();
      harness.shard().offer(Offer.of(1, 1, 2 * ShardHarness.MINUTE, new byte[] {0}, 2));
      offer(1, 1, 17, "b", ConflictRule.REJECT);
      if (seal == 1) {
        harness.passed(100);
      } else if (seal == 2) {
        harness.restart();
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
      harness.begin();
      List<Boolean> tracked = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        tracked.add(random.nextInt(5) > 0);
        byte[] row = new byte[3 + random.nextInt(20_000)];
        assertThat(harness.shard().offer(event(i, row, tracked.get(i), 0)).admission())
            .isEqualTo(Admission.ADMITTED);
        switch (random.nextInt(50)) {
          case 0 -> harness.shard().spill();
          case 1 -> harness.restart();
          case 2 -> harness.passed(100);
          default -> {}
        }
        int copy = random.nextInt(tracked.size());
        assertThat(harness.shard().offer(event(copy, row, true, 0)))
            .isEqualTo(
                found(
                    Admission.DUPLICATE,
                    tracked.get(copy) ? CopyKind.NATURAL : CopyKind.UNKNOWN,
                    0));
        assertThat(harness.shard().offer(event(copy, row, true, 1)))
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
    Shard tracking = new Shard(4, ShardHarness.RULES, new HeapShardState(), new ColdCache(1 << 20));
    for (int i = 0; i < 1000; i++) {
      harness.shard().offer(event(i, new byte[3], false, 0));
      tracking.offer(event(i, new byte[3], true, 0));
    }
    assertThat(tracking.fingerprintBytes() - harness.shard().fingerprintBytes())
        .isBetween(16_000L, 36_000L);
    assertThat(tracking.openViews().get(0).rows()).isEqualTo(1000);
    assertThat(tracking.seal(0).rows()).isEqualTo(1000);
    assertThat(tracking.coldSize()).isEqualTo(2000);
  }
}
