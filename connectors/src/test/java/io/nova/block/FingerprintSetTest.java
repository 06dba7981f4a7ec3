package io.nova.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class FingerprintSetTest {

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
        assertThat(fingerprints.add(pair.get(0), pair.get(1))).isEqualTo(expected.add(pair));
        assertThat(fingerprints.size()).isEqualTo(expected.size());
      }
      assertThat(pairs(fingerprints)).isEqualTo(expected);
    }
  }

  @Test
  void theFingerprintOfTwoZerosIsOneLikeAnyOther() {
    FingerprintSet fingerprints = new FingerprintSet();

    assertThat(fingerprints.contains(0, 0)).isFalse();
    assertThat(fingerprints.add(0, 0)).isTrue();
    assertThat(fingerprints.add(0, 0)).isFalse();
    assertThat(fingerprints.contains(0, 0)).isTrue();
    assertThat(pairs(fingerprints)).containsExactly(List.of(0L, 0L));
  }

  @Test
  void remembersWitnessesThroughGrowth() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      FingerprintSet fingerprints = new FingerprintSet();
      Map<List<Long>, Optional<Witness>> expected = new HashMap<>();
      for (int i = 0; i < 2000; i++) {
        List<Long> pair = List.of(random.nextLong(), (long) random.nextInt(500));
        Witness witness = random.nextBoolean() ? witness(random) : null;
        if (fingerprints.add(pair.get(0), pair.get(1), witness)) {
          expected.put(pair, Optional.ofNullable(witness));
        }
      }
      expected.forEach(
          (pair, witness) ->
              assertThat(Optional.ofNullable(met(fingerprints::look, pair.get(0), pair.get(1))))
                  .isEqualTo(witness));
    }
  }

  @Test
  void aFingerprintMayBeThereWithSeveralPayloads() {
    FingerprintSet fingerprints = new FingerprintSet();
    for (long payload = 0; payload < 50; payload++) {
      assertThat(fingerprints.add(3, 4, new Witness(payload, 0, 0, payload))).isTrue();
      assertThat(fingerprints.add(payload, payload + 1, null)).isTrue();
    }
    for (long payload = 0; payload < 50; payload++) {
      assertThat(fingerprints.add(3, 4, new Witness(payload, 9, 9, 9))).isFalse();
      CopySearch search = new CopySearch().of(3, 4, new Witness(payload, 1, 1, 1));
      assertThat(fingerprints.look(search)).isTrue();
    }
    CopySearch other = new CopySearch().of(3, 4, new Witness(50, 1, 1, 1));
    PackedFingerprints packed = PackedFingerprints.of(fingerprints);

    // Of (3, 4) nothing is remembered once, too: a payload that is not known counts as the same.
    assertThat(fingerprints.look(other)).isTrue();
    assertThat(packed.count()).isEqualTo(100);
    assertThat(packed.look(new CopySearch().of(3, 4, new Witness(50, 1, 1, 1)))).isTrue();
  }

  @Test
  void witnessesMayBeginWhenItHasEntriesAlready() {
    for (int before = 0; before < 100; before++) {
      FingerprintSet fingerprints = new FingerprintSet();
      for (int i = 1; i <= before; i++) {
        fingerprints.add(i, -i);
      }
      Witness witness = new Witness(7, 8, 9, 10);
      fingerprints.add(1000, 1000, witness);

      assertThat(met(fingerprints::look, 1000, 1000)).isEqualTo(witness);
      for (int i = 1; i <= before; i++) {
        assertThat(fingerprints.contains(i, -i)).isTrue();
        assertThat(met(fingerprints::look, i, -i)).isNull();
      }
      assertThat(fingerprints.size()).isEqualTo(before + 1);
    }
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

  /** What a search for a fingerprint meets first. */
  static Witness met(Predicate<CopySearch> holder, long high, long low) {
    CopySearch search = new CopySearch().of(high, low, null);
    assertThat(holder.test(search)).isEqualTo(search.found());
    return search.met();
  }

  static Witness witness(Random random) {
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
