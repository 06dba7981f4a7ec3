package io.nova.job.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;

class PartitionWatchTest {
  private static final long LIMIT = 24;

  private final PartitionWatch watch = new PartitionWatch("events", Set.of(0, 1, 2), LIMIT);

  @Test
  void partitionWithoutProgressHoldsTheLimitOnceTheOthersAreFarAhead() {
    watch.advance(0, 100);
    watch.advance(1, 100);
    assertThat(watch.heldBy()).isEqualTo(PartitionWatch.NONE);

    watch.advance(0, 100 + LIMIT);
    assertThat(watch.heldBy()).isEqualTo(PartitionWatch.NONE);
    watch.advance(1, 101 + LIMIT);
    assertThat(watch.heldBy()).isEqualTo(2);

    watch.advance(2, 101 + LIMIT);
    assertThat(watch.heldBy()).isEqualTo(PartitionWatch.NONE);
  }

  @Test
  void slowestOfSeveralIsNamed() {
    watch.advance(2, 100);
    watch.advance(0, 50);
    watch.advance(1, 60);

    assertThat(watch.heldBy()).isZero();
    watch.advance(0, 70);
    assertThat(watch.heldBy()).isEqualTo(1);
  }

  @Test
  void retiredPartitionHoldsNothing() {
    watch.advance(0, 100);
    watch.advance(1, 100);
    watch.advance(2, 100);
    watch.advance(3, 1);

    assertThat(watch.heldBy()).isEqualTo(PartitionWatch.NONE);
  }
}
