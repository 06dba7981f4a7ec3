package io.nova.job.handoff;

import io.nova.handoff.BatchAnswer;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.batches.BatchTopic;
import java.io.Serial;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.util.OutputTag;

/** The factory of {@link HandoffOperator}: in a task it gives the operator its mailbox. */
public final class HandoffOperatorFactory extends AbstractStreamOperatorFactory<BatchOrder>
    implements OneInputStreamOperatorFactory<PartitionProgress, BatchOrder> {
  @Serial private static final long serialVersionUID = 1;

  private final NovaSettings settings;
  private final BatchTopic topic;
  private final OutputTag<BatchAnswer> answers;

  /**
   * A factory for a job with these settings.
   *
   * @param topic the topic of the requests
   * @param answers the side output of refusals and retirements
   */
  public HandoffOperatorFactory(
      NovaSettings settings, BatchTopic topic, OutputTag<BatchAnswer> answers) {
    this.settings = settings;
    this.topic = topic;
    this.answers = answers;
  }

  @Override
  @SuppressWarnings({
    "unchecked",
    "TypeParameterUnusedInFormals"
  }) // Flink's signature: the caller knows T
  public <T extends StreamOperator<BatchOrder>> T createStreamOperator(
      StreamOperatorParameters<BatchOrder> parameters) {
    return (T) new HandoffOperator(parameters, settings, topic, answers);
  }

  @Override
  @SuppressWarnings("rawtypes") // Flink's signature
  public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
    return HandoffOperator.class;
  }
}
