package io.nova.shard.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.shard.fingerprint.FingerprintSetTest;
import io.nova.shard.fingerprint.Witness;
import io.nova.shard.fingerprint.WitnessList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RowWitnessesTest {
  private final RowWitnesses witnesses = new RowWitnesses(0);
  private final List<Optional<Witness>> expected = new ArrayList<>();

  private void add(Witness witness) {
    expected.add(Optional.ofNullable(witness));
    witnesses.add(witness);
  }

  private void closeTail() {
    witnesses.closeTail(witnesses.packedTail());
  }

  private void areAllThere() {
    WitnessList all = witnesses.all();
    assertThat(all.size()).isEqualTo(expected.size());
    for (int i = 0; i < expected.size(); i++) {
      assertThat(Optional.ofNullable(witnesses.get(i))).isEqualTo(expected.get(i));
      assertThat(all.isKnown(i)).isEqualTo(expected.get(i).isPresent());
      assertThat(Optional.ofNullable(all.get(i))).isEqualTo(expected.get(i));
    }
  }

  @Test
  void ofEachRowIsRememberedWhatItBrought() {
    for (int seed = 0; seed < 20; seed++) {
      RowWitnessesTest block = new RowWitnessesTest();
      Random random = new Random(seed);
      for (int i = 0; i < 500; i++) {
        block.add(random.nextInt(4) == 0 ? null : FingerprintSetTest.witness(random));
        if (random.nextInt(100) == 0) {
          block.closeTail();
        }
        if (random.nextInt(50) == 0) {
          block.areAllThere();
        }
      }
      block.areAllThere();
    }
  }

  /** The ledger, or a policy, is switched on while a block is open, or off. */
  @Test
  void witnessesMayBeginAndEndAtAnyRow() {
    Random random = new Random(1);
    for (int before = 0; before < 60; before++) {
      for (int closed = 0; closed < 3; closed++) {
        RowWitnessesTest block = new RowWitnessesTest();
        for (int i = 0; i < before; i++) {
          block.add(null);
        }
        if (closed > 0) {
          block.closeTail();
        }
        block.add(FingerprintSetTest.witness(random));
        if (closed > 1) {
          block.closeTail();
        }
        block.add(null);
        block.areAllThere();
      }
    }
  }

  @Test
  void nothingTakesNoRoom() {
    for (int i = 0; i < 100; i++) {
      add(null);
    }
    assertThat(witnesses.heapBytes()).isZero();
    closeTail();
    add(null);

    assertThat(witnesses.heapBytes()).isZero();
    assertThat(witnesses.all().any()).isFalse();
    areAllThere();
  }

  @Test
  void aRowTakesFewBytes() {
    Random random = new Random(2);
    for (int i = 0; i < 1000; i++) {
      add(new Witness(random.nextLong(), 300_000_000L + i, 3, 1L << 40 | i));
    }
    assertThat(witnesses.heapBytes()).isBetween(32_000L, 48_100L);
    closeTail();
    assertThat(witnesses.heapBytes()).isBetween(12_000L, 17_000L);
  }
}
