package io.nova.job.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchNumbers;
import io.nova.job.shard.SealedUpTo;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.junit.jupiter.api.Test;

class SealedBatchesTest {
  private final SealedBatches batches = new SealedBatches(2);
  private final List<Long> sent = new ArrayList<>();

  private void word(int shard, long batch) {
    batches.flatMap(new SealedUpTo(shard, batch, BatchNumbers.NONE), new ListCollector<>(sent));
  }

  @Test
  void aBatchIsSealedWhenEveryShardSaysSo() {
    word(0, 7);
    word(0, 7);
    assertThat(sent).isEmpty();
    word(1, 8);
    word(1, 6);
    assertThat(sent).containsExactly(7L);
    word(0, 9);
    word(0, 8);

    assertThat(sent).containsExactly(7L, 8L);
  }
}
