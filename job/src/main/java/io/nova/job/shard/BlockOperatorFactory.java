package io.nova.job.shard;

import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.Admitted;
import io.nova.kafka.Duplicate;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import java.io.Serial;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.OutputTag;

/** The factory of {@link BlockOperator}: in a task it gives the operator its mailbox. */
public final class BlockOperatorFactory extends AbstractStreamOperatorFactory<BlockOutput>
    implements OneInputStreamOperatorFactory<ShardMessage, BlockOutput> {
  @Serial private static final long serialVersionUID = 1;

  private final NovaSettings settings;
  private final ShardKeys keys;
  private final OutputTag<Rejected> rejected;
  private final OutputTag<Duplicate> duplicates;
  private final OutputTag<Admitted> admitted;
  private final OutputTag<TallyReport> tallies;

  /** A factory for a job with these settings and side outputs. */
  public BlockOperatorFactory(
      NovaSettings settings,
      ShardKeys keys,
      OutputTag<Rejected> rejected,
      OutputTag<Duplicate> duplicates,
      OutputTag<Admitted> admitted,
      OutputTag<TallyReport> tallies) {
    this.settings = settings;
    this.keys = keys;
    this.rejected = rejected;
    this.duplicates = duplicates;
    this.admitted = admitted;
    this.tallies = tallies;
  }

  @Override
  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // Flink's signature: the caller knows T
  public <T extends StreamOperator<BlockOutput>> T createStreamOperator(
      StreamOperatorParameters<BlockOutput> parameters) {
    return (T)
        new BlockOperator(parameters, settings, keys, rejected, duplicates, admitted, tallies);
  }

  @Override
  @SuppressWarnings("rawtypes") // Flink's signature
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return BlockOperator.class;
  }
}
