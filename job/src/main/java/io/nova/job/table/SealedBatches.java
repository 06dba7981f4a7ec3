package io.nova.job.table;

import io.nova.handoff.BatchNumbers;
import io.nova.job.shard.SealedUpTo;
import java.io.Serial;
import java.util.Arrays;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.util.Collector;

/**
 * The batches that every shard has sealed: sends the greatest one whenever it grows. It is a hint
 * for the chunk operator and no state, since shards repeat their words in each run.
 *
 * <p>For one subtask. Not thread safe.
 */
public final class SealedBatches implements FlatMapFunction<SealedUpTo, Long> {
  @Serial private static final long serialVersionUID = 1;

  private final long[] sealedUpTo;
  private long sent = BatchNumbers.NONE;

  /** No shard has sealed a batch yet. */
  public SealedBatches(int shards) {
    sealedUpTo = new long[shards];
    Arrays.fill(sealedUpTo, BatchNumbers.NONE);
  }

  @Override
  public void flatMap(SealedUpTo word, Collector<Long> out) {
    sealedUpTo[word.shard()] = Math.max(sealedUpTo[word.shard()], word.batch());
    long everywhere = Arrays.stream(sealedUpTo).min().orElse(BatchNumbers.NONE);
    if (everywhere > sent) {
      sent = everywhere;
      out.collect(everywhere);
    }
  }
}
