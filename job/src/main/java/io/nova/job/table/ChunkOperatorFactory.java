package io.nova.job.table;

import io.nova.iceberg.Chunk;
import io.nova.job.options.NovaSettings;
import io.nova.shard.BlockFile;
import java.io.Serial;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;

/** Makes a {@link ChunkOperator} where its parameters, the mailbox among them, are known. */
public final class ChunkOperatorFactory extends AbstractStreamOperatorFactory<Chunk>
    implements OneInputStreamOperatorFactory<BlockFile, Chunk> {
  @Serial private static final long serialVersionUID = 1;

  private final NovaSettings settings;

  public ChunkOperatorFactory(NovaSettings settings) {
    this.settings = settings;
  }

  @Override
  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // Flink's signature: T is what the caller knows it to be
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
