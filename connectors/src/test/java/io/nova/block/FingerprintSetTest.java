package io.nova.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
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
      assertThat(pairs(fingerprints.toPairs())).isEqualTo(expected);
    }
  }

  @Test
  void theFingerprintOfTwoZerosIsOneLikeAnyOther() {
    FingerprintSet fingerprints = new FingerprintSet();

    assertThat(fingerprints.contains(0, 0)).isFalse();
    assertThat(fingerprints.add(0, 0)).isTrue();
    assertThat(fingerprints.add(0, 0)).isFalse();
    assertThat(fingerprints.contains(0, 0)).isTrue();
    assertThat(fingerprints.toPairs()).containsExactly(0, 0);
  }

  static Set<List<Long>> pairs(long[] flat) {
    Set<List<Long>> pairs = new HashSet<>();
    for (int i = 0; i < flat.length; i += 2) {
      pairs.add(List.of(flat[i], flat[i + 1]));
    }
    assertThat(pairs).hasSize(flat.length / 2);
    return pairs;
  }
}
