package io.nova.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

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
        expected.add(FingerprintSetTest.pair(random));
      }
      PackedFingerprints packed =
          PackedFingerprints.read(PackedFingerprints.of(flat(expected)).stored());

      assertThat(packed.count()).isEqualTo(expected.size());
      for (int i = 0; i < 1000; i++) {
        List<Long> pair = FingerprintSetTest.pair(random);
        assertThat(packed.contains(pair.get(0), pair.get(1))).isEqualTo(expected.contains(pair));
      }
      expected.forEach(pair -> assertThat(packed.contains(pair.get(0), pair.get(1))).isTrue());
    }
  }

  @Test
  void growByALatePart() {
    PackedFingerprints packed =
        PackedFingerprints.of(new long[] {5, 1, -1, 0}).with(new long[] {0, 0, 5, -1});

    assertThat(packed.count()).isEqualTo(4);
    assertThat(packed.contains(5, 1)).isTrue();
    assertThat(packed.contains(5, -1)).isTrue();
    assertThat(packed.contains(0, 0)).isTrue();
    assertThat(packed.contains(-1, 0)).isTrue();
    assertThat(packed.contains(5, 0)).isFalse();
  }

  @Test
  void areSortedAsUnsignedNumbers() {
    byte[] stored =
        PackedFingerprints.of(new long[] {-1, 0, 0, -1, 0, 1, Long.MIN_VALUE, 7, Long.MAX_VALUE, 7})
            .stored();
    ByteBuffer entries = ByteBuffer.wrap(stored).position(9);
    long[] order = new long[10];
    for (int i = 0; i < order.length; i++) {
      order[i] = entries.getLong();
    }

    assertThat(order).containsExactly(0, 1, 0, -1, Long.MAX_VALUE, 7, Long.MIN_VALUE, 7, -1, 0);
  }

  @Test
  void everyDamagedByteIsNoticed() {
    byte[] stored = PackedFingerprints.of(new long[] {1, 2, 3, 4}).stored();
    for (int i = 0; i < stored.length; i++) {
      byte[] damaged = stored.clone();
      damaged[i] ^= 0x10;
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
