package io.nova.shard.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.shard.CopyKind;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FingerprintSetTest {
  /** Pairs of a few halves: many agree in 64 of 128 bits, and zeros occur. */
  static List<Long> pair(Random random) {
    long[] halves = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 42};
    long high = random.nextInt(3) == 0 ? random.nextLong() : halves[random.nextInt(halves.length)];
    long low = random.nextInt(3) == 0 ? random.nextLong() : halves[random.nextInt(halves.length)];
    return List.of(high, low);
  }

  /** Without the lowest bit, which says whether a payload is tracked. */
  static List<Long> identity(List<Long> pair) {
    return List.of(pair.get(0), EventFingerprints.identity(pair.get(1), false));
  }

  static CopySearch search(List<Long> pair) {
    return new CopySearch().begin(pair.get(0), pair.get(1), false, 0);
  }

  @Test
  void isASetOfIdentities() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      FingerprintSet fingerprints = new FingerprintSet();
      Set<List<Long>> expected = new HashSet<>();
      for (int i = 0; i < 2000; i++) {
        List<Long> pair = pair(random);
        CopySearch search = search(pair);
        assertThat(fingerprints.look(search, 9)).isEqualTo(expected.contains(identity(pair)));
        assertThat(search.found()).isEqualTo(expected.contains(identity(pair)));
        if (expected.add(identity(pair))) {
          fingerprints.add(pair.get(0), pair.get(1));
        } else {
          assertThat(search.interval()).isEqualTo(9);
        }
        assertThat(fingerprints.size()).isEqualTo(expected.size());
      }
      assertThat(pairs(fingerprints).stream().map(FingerprintSetTest::identity))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @Test
  void theFingerprintOfTwoZerosIsOneLikeAnyOther() {
    FingerprintSet fingerprints = new FingerprintSet();

    assertThat(fingerprints.look(search(List.of(0L, 0L)), 9)).isFalse();
    fingerprints.add(0, 0);
    assertThat(fingerprints.look(search(List.of(0L, 0L)), 9)).isTrue();
    assertThat(pairs(fingerprints)).containsExactly(List.of(0L, 0L));
  }

  @Test
  void aSearchFindsEveryPayloadOfItsIdentity() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      FingerprintSet fingerprints = new FingerprintSet();
      Map<List<Long>, Set<Optional<Long>>> payloads = new HashMap<>();
      for (int i = 0; i < 2000; i++) {
        List<Long> pair = List.of(random.nextLong(3), 2L * random.nextInt(500));
        Optional<Long> payload =
            random.nextInt(9) == 0 ? Optional.empty() : Optional.of(random.nextLong() & ~1);
        fingerprints.add(pair.get(0), EventFingerprints.identity(pair.get(1), payload.isPresent()));
        payload.ifPresent(
            digest ->
                fingerprints.add(pair.get(0), EventFingerprints.payload(pair.get(1), digest)));
        payloads.computeIfAbsent(pair, p -> new HashSet<>()).add(payload);
      }
      payloads.forEach(
          (pair, those) -> {
            boolean untracked = those.contains(Optional.<Long>empty());
            assertThat(kind(fingerprints, pair, random.nextLong()))
                .isEqualTo(untracked ? CopyKind.UNKNOWN : CopyKind.CONFLICTING);
            for (Optional<Long> payload : those) {
              assertThat(kind(fingerprints, pair, payload.orElse(0L)))
                  .isEqualTo(untracked ? CopyKind.UNKNOWN : CopyKind.NATURAL);
            }
          });
    }
  }

  private static CopyKind kind(FingerprintSet fingerprints, List<Long> pair, long payload) {
    CopySearch search = new CopySearch().begin(pair.get(0), pair.get(1), true, payload);
    boolean ended = fingerprints.look(search, 9);
    assertThat(search.found()).isTrue();
    assertThat(search.kind()).isEqualTo(ended ? CopyKind.UNKNOWN : CopyKind.CONFLICTING);
    if (!ended) {
      assertThat(fingerprints.look(search.forPayload(), 9))
          .isEqualTo(search.kind() == CopyKind.NATURAL);
    }
    return search.kind();
  }

  @Test
  void doesNotGrowBeforeItHasAsManyAsWereExpected() {
    for (int expected : new int[] {10, 11, 21, 22, 42, 43, 1000, 4096}) {
      Random random = new Random(expected);
      FingerprintSet fingerprints = new FingerprintSet(expected);
      long bytes = fingerprints.heapBytes();
      for (int i = 0; i < expected; i++) {
        fingerprints.add(random.nextLong(), random.nextLong());
      }
      assertThat(fingerprints.heapBytes()).isEqualTo(bytes);
      fingerprints.add(random.nextLong(), random.nextLong());
      assertThat(fingerprints.heapBytes()).isGreaterThan(bytes);
      assertThat(pairs(fingerprints)).hasSize(expected + 1);
    }
  }

  static Set<List<Long>> pairs(FingerprintSet fingerprints) {
    Set<List<Long>> pairs = new HashSet<>();
    FingerprintList entries = fingerprints.entries();
    for (int i = 0; i < entries.size(); i++) {
      assertThat(pairs.add(List.of(entries.high(i), entries.low(i)))).isTrue();
    }
    return pairs;
  }
}
