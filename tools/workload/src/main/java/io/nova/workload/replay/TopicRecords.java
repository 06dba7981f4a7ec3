package io.nova.workload.replay;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The records of a topic from its beginning to the end that it had when this was made: the same in
 * the same order each time they are opened, partition after partition.
 */
final class TopicRecords {
  static final Duration ANSWER = Duration.ofSeconds(30);

  private final String bootstrapServers;
  private final String topic;
  private final List<Part> parts;

  /**
   * What there is of one partition.
   *
   * @param begin the first offset
   * @param end the offset after the last
   */
  record Part(TopicPartition partition, long begin, long end) {}

  private TopicRecords(String bootstrapServers, String topic, List<Part> parts) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
    this.parts = parts;
  }

  /**
   * What the topic holds now.
   *
   * @throws KafkaException when there is no such topic, or the broker does not answer
   */
  static TopicRecords upToNow(String bootstrapServers, String topic) {
    try (KafkaConsumer<byte[], byte[]> kafka = consumer(bootstrapServers)) {
      List<PartitionInfo> found = kafka.partitionsFor(topic, ANSWER);
      if (found == null || found.isEmpty()) {
        throw new KafkaException(
            "Topic %s at %s: not there. Nothing was read or sent."
                .formatted(topic, bootstrapServers));
      }
      List<TopicPartition> partitions =
          found.stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .sorted((one, other) -> Integer.compare(one.partition(), other.partition()))
              .toList();
      Map<TopicPartition, Long> begins = kafka.beginningOffsets(partitions, ANSWER);
      Map<TopicPartition, Long> ends = kafka.endOffsets(partitions, ANSWER);
      ArrayList<Part> parts = new ArrayList<>();
      for (TopicPartition partition : partitions) {
        parts.add(
            new Part(
                partition, begins.getOrDefault(partition, 0L), ends.getOrDefault(partition, 0L)));
      }
      return new TopicRecords(bootstrapServers, topic, List.copyOf(parts));
    }
  }

  String topic() {
    return topic;
  }

  /** How many there are at most: what is compacted, or marks a transaction, is counted, too. */
  long count() {
    return parts.stream().mapToLong(part -> part.end() - part.begin()).sum();
  }

  /** Starts at the first record. */
  RecordCursor open() {
    return new RecordCursor(consumer(bootstrapServers), parts);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.CLIENT_ID_CONFIG,
            "nova-replay",
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed"));
  }
}
