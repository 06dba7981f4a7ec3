package io.nova.job.table;

import io.nova.iceberg.Chunk;
import io.nova.job.options.NovaSettings;
import io.nova.shard.BlockFile;
import java.io.Serial;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperatorFactory;

/** The factory of {@link ChunkOperator}: in a task it gives the operator its mailbox. */
public final class ChunkOperatorFactory extends AbstractStreamOperatorFactory<Chunk>
    implements TwoInputStreamOperatorFactory<BlockFile, Long, Chunk> {
  @Serial private static final long serialVersionUID = 1;

  private final NovaSettings settings;

  /** A factory for a job with these settings. */
  public ChunkOperatorFactory(NovaSettings settings) {
    this.settings = settings;
  }

  @Override
  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // Flink's signature: the caller knows T
  public <T extends StreamOperator<Chunk>> T createStreamOperator(
      StreamOperatorParameters<Chunk> parameters) {
    return (T) new ChunkOperator(parameters, settings);
  }

  @Override
  @SuppressWarnings("rawtypes") // Flink's signature
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return ChunkOperator.class;
  }
}
