package io.nova.kafka.source;

import java.io.Serial;
import java.util.Collection;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * Starts at the first record that the topic has. The offsets are the brokers' and no marker, so the
 * state has an offset before the first record of a partition. Fails where the offset to continue
 * from is no longer in the topic: skipping would lose messages in silence.
 */
@SuppressWarnings("deprecation") // the connector's interface names Kafka's old enum
public final class EarliestOrFail implements OffsetsInitializer {
  @Serial private static final long serialVersionUID = 1;

  @Override
  public Map<TopicPartition, Long> getPartitionOffsets(
      Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
    return retriever.beginningOffsets(partitions);
  }

  @Override
  public OffsetResetStrategy getAutoOffsetResetStrategy() {
    return OffsetResetStrategy.NONE;
  }
}
