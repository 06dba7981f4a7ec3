package io.nova.kafka.source;

import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A partition of the events' topic with the offset to go on from, and the id that Kafka gave the
 * topic when it was created. A topic that is deleted and created again has another id.
 */
public final class TopicSplit extends KafkaPartitionSplit {
  private final Uuid topicId;

  /** A partition of the topic with this id; {@link Uuid#ZERO_UUID} if the id is unknown. */
  public TopicSplit(TopicPartition partition, long offset, Uuid topicId) {
    super(partition, offset);
    this.topicId = topicId;
  }

  /** The id of a split's topic, {@link Uuid#ZERO_UUID} if it is unknown. */
  static Uuid topicId(KafkaPartitionSplit split) {
    return split instanceof TopicSplit known ? known.topicId : Uuid.ZERO_UUID;
  }
}
