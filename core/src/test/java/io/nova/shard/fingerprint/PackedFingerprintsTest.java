package io.nova.shard.fingerprint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
          PackedFingerprints.read(
              PackedFingerprints.of(FingerprintSet.of(flat(expected))).stored());

      assertThat(packed.count()).isEqualTo(expected.size());
      for (int i = 0; i < 1000; i++) {
        List<Long> pair = FingerprintSetTest.pair(random);
        assertThat(packed.contains(pair.get(0), pair.get(1))).isEqualTo(expected.contains(pair));
      }
      expected.forEach(pair -> assertThat(packed.contains(pair.get(0), pair.get(1))).isTrue());
    }
  }

  private static PackedFingerprints together(
      PackedFingerprints before, FingerprintSet late, WitnessList ofLate) {
    FingerprintList all = new FingerprintList(1);
    WitnessList ofAll = new WitnessList();
    before.appendTo(all, ofAll);
    all.addAll(late.entries());
    ofAll.addAll(ofLate);
    return PackedFingerprints.pages(all, ofAll, 0).get(0);
  }

  @Test
  void growByALatePart() {
    PackedFingerprints packed =
        together(
            PackedFingerprints.of(FingerprintSet.of(5, 1, -1, 0)),
            FingerprintSet.of(0, 0, 5, -1),
            new WitnessList());

    assertThat(packed.count()).isEqualTo(4);
    assertThat(packed.contains(5, 1)).isTrue();
    assertThat(packed.contains(5, -1)).isTrue();
    assertThat(packed.contains(0, 0)).isTrue();
    assertThat(packed.contains(-1, 0)).isTrue();
    assertThat(packed.contains(5, 0)).isFalse();
  }

  @Test
  void rememberWitnessesThroughALatePart() {
    Random random = new Random(5);
    FingerprintSet first = new FingerprintSet();
    FingerprintSet late = new FingerprintSet();
    WitnessList ofFirst = new WitnessList();
    WitnessList ofLate = new WitnessList();
    Map<Long, Witness> expected = new HashMap<>();
    for (long i = 0; i < 300; i++) {
      Witness witness = i % 3 == 0 ? null : FingerprintSetTest.witness(random);
      (i % 2 == 0 ? first : late).add(i, -i);
      (i % 2 == 0 ? ofFirst : ofLate).add(witness);
      expected.put(i, witness);
    }
    PackedFingerprints packed =
        PackedFingerprints.read(
            together(PackedFingerprints.of(first, ofFirst), late, ofLate).stored());

    expected.forEach((i, witness) -> assertThat(met(packed, i, -i)).isEqualTo(witness));
    assertThat(packed.look(new CopySearch().of(1000, 0, null))).isFalse();
  }

  /** Such a set would name the wrong copy, and take an event for what it is not. */
  @Test
  void takeAWitnessForEachFingerprintOrNone() {
    WitnessList witnesses = new WitnessList();
    witnesses.add(new Witness(7, 8, 9, 10));

    assertThatIllegalArgumentException()
        .isThrownBy(() -> PackedFingerprints.of(FingerprintSet.of(1, 2, 3, 4), witnesses))
        .withMessage("1 witnesses of 2 fingerprints");
  }

  /** What a search for a fingerprint meets first. */
  private static Witness met(PackedFingerprints packed, long high, long low) {
    CopySearch search = new CopySearch().of(high, low, null);
    assertThat(packed.look(search)).isEqualTo(search.found());
    return search.met();
  }

  /** Highs that agree in all their upper bits, too, where the list sorts by these first. */
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
    WitnessList witnesses = new WitnessList();
    witnesses.add(null);
    witnesses.add(new Witness(7, 8, 9, 10));
    everyDamagedBitIsNoticed(PackedFingerprints.of(FingerprintSet.of(1, 2, 3, 4)).stored());
    everyDamagedBitIsNoticed(
        PackedFingerprints.of(FingerprintSet.of(1, 2, 5, 6), witnesses).stored());
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
