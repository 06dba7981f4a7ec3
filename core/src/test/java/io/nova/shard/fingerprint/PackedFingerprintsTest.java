package io.nova.shard.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.shard.CopyKind;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PackedFingerprintsTest {
  @Test
  void holdExactlyWhatWasPacked() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Set<List<Long>> expected = new HashSet<>();
      for (int i = random.nextInt(500); i > 0; i--) {
        expected.add(FingerprintSetTest.identity(FingerprintSetTest.pair(random)));
      }
      PackedFingerprints packed =
          PackedFingerprints.read(
              PackedFingerprints.of(FingerprintSet.of(flat(expected))).stored());

      assertThat(packed.count()).isEqualTo(expected.size());
      for (int i = 0; i < 1000; i++) {
        List<Long> pair = FingerprintSetTest.pair(random);
        assertThat(contains(packed, pair))
            .isEqualTo(expected.contains(FingerprintSetTest.identity(pair)));
      }
      expected.forEach(pair -> assertThat(contains(packed, pair)).isTrue());
    }
  }

  private static boolean contains(PackedFingerprints packed, List<Long> pair) {
    CopySearch search = FingerprintSetTest.search(pair);
    assertThat(packed.look(search, 9)).isEqualTo(search.found());
    return search.found();
  }

  @Test
  void growByALatePart() {
    PackedFingerprints packed =
        PackedFingerprints.of(FingerprintSet.of(5, 2, -1, 0))
            .with(PackedFingerprints.of(FingerprintSet.of(0, 0, 5, -1)));

    assertThat(packed.count()).isEqualTo(4);
    assertThat(contains(packed, List.of(5L, 2L))).isTrue();
    assertThat(contains(packed, List.of(5L, -1L))).isTrue();
    assertThat(contains(packed, List.of(0L, 0L))).isTrue();
    assertThat(contains(packed, List.of(-1L, 0L))).isTrue();
    assertThat(contains(packed, List.of(5L, 0L))).isFalse();
  }

  @Test
  void oneIdentityMayBeThereTrackedAndNot() {
    PackedFingerprints packed = PackedFingerprints.of(FingerprintSet.of(5, 3, 5, 2, 5, 3, 5, 4));
    CopySearch search = new CopySearch().begin(5, 2, true, 6);

    assertThat(packed.look(search, 9)).isTrue();
    assertThat(search.kind()).isEqualTo(CopyKind.UNKNOWN);
    assertThat(packed.look(search.forPayload(), 9)).isTrue();
    assertThat(search.kind()).isEqualTo(CopyKind.NATURAL);
  }

  /** Includes high halves that agree in all bits that the list sorts by first. */
  @Test
  void areSortedAsUnsignedNumbers() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      Set<List<Long>> pairs = new HashSet<>();
      for (int i = random.nextInt(500); i > 0; i--) {
        pairs.add(FingerprintSetTest.pair(random));
        pairs.add(List.of((random.nextLong() << 62) | random.nextInt(50), random.nextLong()));
      }
      List<BigInteger> expected =
          pairs.stream().map(PackedFingerprintsTest::unsigned).sorted().toList();
      ByteBuffer entries =
          ByteBuffer.wrap(PackedFingerprints.of(FingerprintSet.of(flat(pairs))).stored())
              .position(9);

      assertThat(
              expected.stream()
                  .map(next -> unsigned(entries.getLong(), entries.getLong()))
                  .toList())
          .isEqualTo(expected);
    }
  }

  private static BigInteger unsigned(List<Long> pair) {
    return unsigned(pair.get(0), pair.get(1));
  }

  private static BigInteger unsigned(long high, long low) {
    return new BigInteger(1, ByteBuffer.allocate(16).putLong(high).putLong(low).array());
  }

  @Test
  void everyDamagedBitIsNoticed() {
    everyDamagedBitIsNoticed(PackedFingerprints.of(FingerprintSet.of(1, 2, 3, 4)).stored());
  }

  private static void everyDamagedBitIsNoticed(byte[] stored) {
    for (int bit = 0; bit < 8 * stored.length; bit++) {
      byte[] damaged = stored.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatIllegalStateException().isThrownBy(() -> PackedFingerprints.read(damaged));
    }
    for (int length = 0; length < stored.length; length++) {
      byte[] torn = Arrays.copyOf(stored, length);
      assertThatIllegalStateException().isThrownBy(() -> PackedFingerprints.read(torn));
    }
  }

  private static long[] flat(Set<List<Long>> pairs) {
    return pairs.stream().flatMap(List::stream).mapToLong(Long::longValue).toArray();
  }
}
