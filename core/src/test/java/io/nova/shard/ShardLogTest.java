package io.nova.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.nova.shard.fingerprint.ColdCache;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The rows of open blocks in the log: restored, spilled, sealed. */
class ShardLogTest {
  private final ShardHarness harness = new ShardHarness();

  private static List<byte[]> rows(SealedBlock block) {
    List<byte[]> rows = new ArrayList<>();
    block.forEachRow(
        (high, low, bytes, offset, length) ->
            rows.add(Arrays.copyOfRange(bytes, offset, offset + length)));
    return rows;
  }

  @Test
  void restoredShardDecidesAsTheOneBefore() {
    harness.offer("open", 100);
    harness.offer("sealed", 2);
    harness.passed(100);
    harness.shard().tally().of("1").admitted = 5;
    harness.restart();

    assertThat(harness.shard().frontierMicros()).isEqualTo(100 * ShardHarness.MINUTE);
    assertThat(harness.shard().sequence()).isEqualTo(1);
    assertThat(harness.shard().tally().of("1").admitted).isEqualTo(5);
    assertThat(harness.offer("open", 104)).isEqualTo(Admission.DUPLICATE);
    assertThat(harness.offer("sealed", 10)).isEqualTo(Admission.DUPLICATE);
  }

  @Test
  void blockComesBackFromTheLogWholeAfterAnyNumberOfFlushes() {
    Random random = new Random(1);
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      byte[] row = new byte[random.nextInt(8) == 0 ? 20_000 : random.nextInt(2000)];
      random.nextBytes(row);
      expected.add(row);
      assertThat(harness.shard().offer(i, -i, 2 * ShardHarness.MINUTE, row).admission())
          .isEqualTo(Admission.ADMITTED);
      if (random.nextInt(10) == 0) {
        harness.shard().flush();
      }
      if (random.nextInt(20) == 0) {
        harness.restart();
      }
    }
    SealedBlock block = harness.shard().seal(0);

    assertThat(block.rows()).isEqualTo(400);
    assertThat(rows(block))
        .usingElementComparator(Arrays::compare)
        .containsExactlyElementsOf(expected);
    harness.state().segments((id, stored) -> assertThat(id).as("left in the log").isNull());
  }

  @Test
  void rowOfTenMegabytesPasses() {
    byte[] large = new byte[10 << 20];
    new Random(1).nextBytes(large);
    harness.offer("before", 2);
    harness.shard().offer(1, 2, 2 * ShardHarness.MINUTE, large);
    harness.offer("after", 2);
    harness.restart();

    assertThat(rows(harness.shard().seal(0)).get(1)).isEqualTo(large);
  }

  @Test
  void damagedOrMissingSegmentFailsTheRestore() {
    harness.offer("a", 2);
    harness.shard().flush();
    byte[] header = harness.state().header();
    HeapShardState missing = new HeapShardState();
    missing.putHeader(header);
    HeapShardState damaged = harness.state().copy();
    harness
        .state()
        .segments(
            (id, stored) -> {
              missing.putSegment(new ShardState.SegmentId(id.interval(), 1), stored);
              stored[stored.length - 1] ^= 1;
              damaged.putSegment(id, stored);
            });

    for (HeapShardState broken : List.of(missing, damaged)) {
      assertThatIllegalStateException()
          .isThrownBy(() -> new Shard(3, ShardHarness.RULES, broken, new ColdCache(1)))
          .withMessageContaining("estore an older checkpoint");
    }
  }

  @Test
  void spilledRowsComeBackWhenTheirBlockIsSealed() {
    Random random = new Random(1);
    List<byte[]> expected = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      byte[] row = new byte[500];
      random.nextBytes(row);
      expected.add(row);
      harness.shard().offer(i, i, ShardHarness.MINUTE, row);
    }
    long before = harness.shard().rowBytes();

    harness.shard().spill();

    assertThat(harness.shard().rowBytes()).isLessThan(before / 10);
    assertThat(harness.shard().offer(7, 7, ShardHarness.MINUTE, new byte[1]).admission())
        .isEqualTo(Admission.DUPLICATE);
    assertThat(rows(harness.shard().seal(0)))
        .usingElementComparator(Arrays::compare)
        .isEqualTo(expected);
  }
}
