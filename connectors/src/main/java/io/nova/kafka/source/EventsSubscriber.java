package io.nova.kafka.source;

import java.io.Serial;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.source.enumerator.subscriber.KafkaSubscriber;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * The partitions of the events' topic. Each look checks that the topic was not deleted and created
 * again since the first look.
 *
 * <p>One thread.
 */
final class EventsSubscriber implements KafkaSubscriber {
  @Serial private static final long serialVersionUID = 1;

  private final String topic;

  /** The id's text; the type that Kafka has for it cannot be serialized. */
  private String id = Uuid.ZERO_UUID.toString();

  EventsSubscriber(String topic) {
    this.topic = topic;
  }

  @Override
  public Set<TopicPartition> getSubscribedTopicPartitions(AdminClient admin) {
    TopicDescription described = TopicState.describe(admin, topic);
    SplitCheck.mustBeSame(topic, Uuid.fromString(id), described.topicId());
    id = described.topicId().toString();
    return described.partitions().stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .collect(Collectors.toSet());
  }
}
