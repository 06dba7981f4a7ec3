package io.nova.job.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.shard.Admission;
import io.nova.shard.BlockRules;
import io.nova.shard.HeapShardState;
import io.nova.shard.Shard;
import io.nova.shard.fingerprint.ColdCache;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final long MEGABYTE = 1 << 20;
  private static final byte[] ROW = {0};

  private final ColdCache cache = new ColdCache(1);
  private final Shard shard = new Shard(0, BlockRules.DEFAULT, new HeapShardState(), cache);
  private final List<String> done = new ArrayList<>();

  private final MemoryBudget.Relief relief =
      new MemoryBudget.Relief() {
        @Override
        public void spill() {
          done.add("spill");
          shard.spill();
        }

        @Override
        public void seal(long interval) {
          done.add("seal " + interval);
          shard.seal(interval);
        }
      };

  private void fill(int rows, int bytes) {
    Random random = new Random(rows);
    byte[] row = new byte[bytes];
    for (int i = 0; i < rows; i++) {
      random.nextBytes(row);
      long interval = i % 3;
      shard.offer(random.nextLong(), i, BlockRules.DEFAULT.startMicros(interval), row);
    }
  }

  private MemoryBudget.Pressure look(long budgetBytes) {
    MemoryBudget memory = new MemoryBudget(budgetBytes, cache);
    memory.look(List.of(shard), relief);
    assertThat(memory.usedBytes()).isPositive();
    return memory.pressure();
  }

  @Test
  void nothingHappensWhereThereIsEnough() {
    fill(4000, 1000);

    assertThat(look(64 * MEGABYTE)).isEqualTo(MemoryBudget.Pressure.NONE);
    assertThat(done).isEmpty();
  }

  @Test
  void rowsLeaveTheHeapFirst() {
    fill(4000, 1000);

    assertThat(look(4 * MEGABYTE)).isEqualTo(MemoryBudget.Pressure.SPILLING);
    assertThat(done).containsExactly("spill");
    assertThat(shard.openIntervals()).hasSize(3);
  }

  @Test
  void thenBlocksAreSealedOldestFirstUntilItIsEnough() {
    fill(60_000, 20);

    assertThat(look(MEGABYTE * 3 / 2)).isEqualTo(MemoryBudget.Pressure.SEALING);
    assertThat(done).startsWith("spill", "seal 0");
    assertThat(shard.openIntervals()).isNotEmpty();
  }

  @Test
  void whatHasJustBegunIsNotSealedWhereSealedEventsTakeTheMemory() {
    fill(20_000, 20);
    shard.openIntervals().forEach(shard::seal);
    shard.offer(1, 1, 0, new byte[] {0});
    long index = shard.fingerprintBytes();

    assertThat(look(index * 10 / 9)).isEqualTo(MemoryBudget.Pressure.SPILLING);
    assertThat(done).containsExactly("spill");
    assertThat(shard.openIntervals()).hasSize(1);
  }

  @Test
  void thenIntakeSlowsDown() {
    fill(1000, 20);
    shard.openIntervals().forEach(shard::seal);
    shard.offer(1, 1, 0, new byte[] {0});

    assertThat(look(100)).isEqualTo(MemoryBudget.Pressure.SLOWED);
  }

  /** How many events of this size come before the first look. */
  private long eventsToALook(long budgetBytes, int rowBytes) {
    MemoryBudget memory = new MemoryBudget(budgetBytes, cache);
    long events = 0;
    while (memory.usedBytes() == 0) {
      memory.afterEvent(rowBytes, List.of(shard), relief);
      events++;
    }
    return events;
  }

  @Test
  void looksFollowTheBytesThatComeIn() {
    fill(10, 100);

    assertThat(eventsToALook(256 * MEGABYTE, 250)).isBetween(5_000L, 6_000L);
    assertThat(eventsToALook(MEGABYTE, 10)).isEqualTo(475);
    assertThat(eventsToALook(256 * MEGABYTE, 2_000_000)).isEqualTo(9);
    assertThat(eventsToALook(16 * MEGABYTE, 100)).isEqualTo(1024);
  }

  private void sealed(long firstInterval, long intervals, int events) {
    for (long interval = firstInterval; interval < firstInterval + intervals; interval++) {
      for (int i = 0; i < events; i++) {
        shard.offer(random(interval, i), i, BlockRules.DEFAULT.startMicros(interval), ROW);
      }
      shard.seal(interval);
    }
  }

  private static long random(long interval, int i) {
    return new Random(interval << 20 | i).nextLong();
  }

  /** State has the fingerprints, so an index can be built again when an event asks for it. */
  @Test
  void indexesOutOfUseLeaveFirstAndAreBuiltAgainOnDemand() {
    sealed(0, 400, 100);
    MemoryBudget memory = new MemoryBudget(shard.fingerprintBytes(), cache);
    memory.look(List.of(shard), relief);
    long full = memory.usedBytes();
    sealed(400, 1, 100);
    memory.look(List.of(shard), relief);

    assertThat(memory.usedBytes()).isLessThan(full * 2 / 3);
    assertThat(memory.pressure()).isEqualTo(MemoryBudget.Pressure.NONE);
    assertThat(shard.offer(random(50, 7), 7, BlockRules.DEFAULT.startMicros(50), ROW).admission())
        .isEqualTo(Admission.DUPLICATE);
    assertThat(shard.takeBuiltIndexBytes()).isGreaterThan(full / 5);
  }

  @Test
  void builtIndexesBringTheNextCheckForward() {
    MemoryBudget memory = new MemoryBudget(16 * MEGABYTE, cache);
    fill(10, 100);

    memory.afterEvent(100, List.of(shard), relief);
    assertThat(memory.usedBytes()).isZero();
    memory.afterEvent(100 + MEGABYTE, List.of(shard), relief);
    assertThat(memory.usedBytes()).isPositive();
  }
}
