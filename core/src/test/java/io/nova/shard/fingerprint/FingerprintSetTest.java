package io.nova.shard.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

public class FingerprintSetTest {
  /** Pairs from few halves, so that many agree in 64 of their 128 bits, and zeros occur. */
  static List<Long> pair(Random random) {
    long[] halves = {0, 1, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32, 42};
    long high = random.nextInt(3) == 0 ? random.nextLong() : halves[random.nextInt(halves.length)];
    long low = random.nextInt(3) == 0 ? random.nextLong() : halves[random.nextInt(halves.length)];
    return List.of(high, low);
  }

  @Test
  void isASet() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      FingerprintSet fingerprints = new FingerprintSet();
      Set<List<Long>> expected = new HashSet<>();
      for (int i = 0; i < 2000; i++) {
        List<Long> pair = pair(random);
        assertThat(fingerprints.contains(pair.get(0), pair.get(1)))
            .isEqualTo(expected.contains(pair));
        if (expected.add(pair)) {
          fingerprints.add(pair.get(0), pair.get(1));
        }
        assertThat(fingerprints.size()).isEqualTo(expected.size());
      }
      assertThat(pairs(fingerprints)).isEqualTo(expected);
    }
  }

  @Test
  void theFingerprintOfTwoZerosIsOneLikeAnyOther() {
    FingerprintSet fingerprints = new FingerprintSet();

    assertThat(fingerprints.contains(0, 0)).isFalse();
    fingerprints.add(0, 0);
    assertThat(fingerprints.contains(0, 0)).isTrue();
    assertThat(pairs(fingerprints)).containsExactly(List.of(0L, 0L));
  }

  @Test
  void aSearchIsShownEveryEntryOfItsFingerprint() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      FingerprintSet fingerprints = new FingerprintSet();
      List<Optional<Witness>> witnesses = new ArrayList<>();
      Map<List<Long>, Set<Optional<Long>>> payloads = new HashMap<>();
      for (int i = 0; i < 2000; i++) {
        List<Long> pair = List.of(random.nextLong(3), (long) random.nextInt(500));
        Optional<Witness> witness =
            random.nextInt(9) == 0 ? Optional.empty() : Optional.of(witness(random));
        fingerprints.add(pair.get(0), pair.get(1));
        witnesses.add(witness);
        payloads.computeIfAbsent(pair, p -> new HashSet<>()).add(witness.map(Witness::payload));
      }
      payloads.forEach(
          (pair, those) -> {
            assertThat(conflicts(fingerprints, witnesses, pair, random.nextLong()))
                .isEqualTo(!those.contains(Optional.<Long>empty()));
            for (Optional<Long> payload : those) {
              assertThat(conflicts(fingerprints, witnesses, pair, payload.orElse(0L))).isFalse();
            }
          });
    }
  }

  private static boolean conflicts(
      FingerprintSet fingerprints,
      List<Optional<Witness>> witnesses,
      List<Long> pair,
      long payload) {
    CopySearch search =
        new CopySearch().of(pair.get(0), pair.get(1), new Witness(payload, 1, 1, 1));
    boolean ended = fingerprints.look(search, index -> witnesses.get(index).orElse(null));
    assertThat(search.found()).isTrue();
    assertThat(ended).isNotEqualTo(search.conflicting());
    return search.conflicting();
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

  public static Witness witness(Random random) {
    return new Witness(
        random.nextLong(), random.nextLong(), random.nextInt(3), random.nextLong() >>> 1);
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
