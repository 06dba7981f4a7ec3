package io.nova.job.table;

import io.nova.fixtures.Events;
import io.nova.iceberg.Chunk;
import io.nova.job.options.NovaSettings;
import io.nova.shard.BlockFile;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.jspecify.annotations.Nullable;

/** The only subtask of the chunk operator. Flink's harness of two inputs takes no factory. */
final class ChunkHarness extends AbstractStreamOperatorTestHarness<Chunk> {
  private final TwoInputStreamOperator<BlockFile, Long, Chunk> chunks;

  /** A subtask that has begun, from a savepoint where there is one. */
  @SuppressWarnings("unchecked") // the factory's operator
  ChunkHarness(NovaSettings settings, @Nullable OperatorSubtaskState restored) throws Exception {
    super(new ChunkOperatorFactory(settings), 1, 1, 0);
    setup();
    clock("10:00");
    if (restored != null) {
      initializeState(restored);
    }
    open();
    chunks = (TwoInputStreamOperator<BlockFile, Long, Chunk>) operator;
  }

  void add(BlockFile file) throws Exception {
    chunks.processElement1(new StreamRecord<>(file));
  }

  /** Every shard has sealed the batches up to one. */
  void sealedUpTo(long batch) throws Exception {
    chunks.processElement2(new StreamRecord<>(batch));
  }

  /** The machine's clock reaches a time of the day. */
  void clock(String time) throws Exception {
    setProcessingTime(
        LocalDateTime.parse("%sT%s".formatted(Events.DAY, time))
            .toInstant(ZoneOffset.UTC)
            .toEpochMilli());
  }

  /** The end without a drain. */
  void kill() throws Exception {
    operator.close();
  }

  /** The end of the stream, as a drain has it. */
  void drain() throws Exception {
    chunks.finish();
  }
}
