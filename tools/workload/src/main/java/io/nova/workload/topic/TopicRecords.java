package io.nova.workload.topic;

import io.nova.workload.input.Cursor;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The records of a topic from its beginning to the end that it had when this was made. Each opening
 * gives the same records in the same order, partition after partition.
 */
public final class TopicRecords {
  static final Duration TIMEOUT = Duration.ofSeconds(30);

  private final Brokers brokers;
  private final String topic;
  private final List<Span> spans;

  /**
   * The records of one partition.
   *
   * @param begin the first offset
   * @param end the offset after the last
   */
  record Span(TopicPartition partition, long begin, long end) {}

  /**
   * What the topic has now.
   *
   * @throws KafkaException when the topic does not exist, or the broker does not answer
   */
  public TopicRecords(Brokers brokers, String topic) {
    this.brokers = brokers;
    this.topic = topic;
    this.spans = spans(brokers, topic);
  }

  private TopicRecords(Brokers brokers, String topic, List<Span> spans) {
    this.brokers = brokers;
    this.topic = topic;
    this.spans = spans;
  }

  /**
   * The records from the offsets that a consumer group has committed; all records of a partition
   * without such an offset.
   *
   * @throws KafkaException when the group's offsets cannot be read
   */
  public TopicRecords notReadBy(String group) {
    try (KafkaConsumer<byte[], byte[]> kafka =
        consumer(brokers, Map.of(ConsumerConfig.GROUP_ID_CONFIG, group))) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          kafka.committed(spans.stream().map(Span::partition).collect(Collectors.toSet()), TIMEOUT);
      List<Span> rest = spans.stream().map(span -> rest(span, committed)).toList();
      return new TopicRecords(brokers, topic, rest);
    }
  }

  /**
   * The record at a place, or none.
   *
   * @throws KafkaException when the partition cannot be read
   */
  public Optional<ConsumerRecord<byte[], byte[]>> at(int partition, long offset) {
    List<Span> place =
        spans.stream()
            .filter(span -> span.partition().partition() == partition)
            .filter(span -> span.begin() <= offset && offset < span.end())
            .map(span -> new Span(span.partition(), offset, offset + 1))
            .toList();
    try (Cursor<ConsumerRecord<byte[], byte[]>> records =
        new TopicRecords(brokers, topic, place).open()) {
      return records.hasNext() ? Optional.of(records.next()) : Optional.empty();
    }
  }

  private static Span rest(Span span, Map<TopicPartition, OffsetAndMetadata> committed) {
    OffsetAndMetadata read = committed.get(span.partition());
    long begin = read == null ? span.begin() : Math.max(span.begin(), read.offset());
    return new Span(span.partition(), Math.min(begin, span.end()), span.end());
  }

  private static List<Span> spans(Brokers brokers, String topic) {
    try (KafkaConsumer<byte[], byte[]> kafka = consumer(brokers)) {
      List<PartitionInfo> found = kafka.partitionsFor(topic, TIMEOUT);
      if (found == null || found.isEmpty()) {
        throw new KafkaException(
            "Topic %s at %s does not exist. Nothing was read."
                .formatted(topic, brokers.bootstrapServers()));
      }
      List<TopicPartition> partitions =
          found.stream()
              .map(each -> new TopicPartition(topic, each.partition()))
              .sorted((one, other) -> Integer.compare(one.partition(), other.partition()))
              .toList();
      Map<TopicPartition, Long> begins = kafka.beginningOffsets(partitions, TIMEOUT);
      Map<TopicPartition, Long> ends = kafka.endOffsets(partitions, TIMEOUT);
      return partitions.stream()
          .map(each -> new Span(each, begins.getOrDefault(each, 0L), ends.getOrDefault(each, 0L)))
          .toList();
    }
  }

  /** The topic's name. */
  public String topic() {
    return topic;
  }

  /** How many records there are at most: compacted records and transaction markers count, too. */
  public long count() {
    return spans.stream().mapToLong(span -> span.end() - span.begin()).sum();
  }

  /** Starts at the first record. */
  public Cursor<ConsumerRecord<byte[], byte[]>> open() {
    return new RecordCursor(consumer(brokers), spans);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Brokers brokers) {
    return consumer(brokers, Map.of());
  }

  private static KafkaConsumer<byte[], byte[]> consumer(Brokers brokers, Map<String, Object> more) {
    HashMap<String, Object> settings =
        new HashMap<>(
            Map.of(
                ConsumerConfig.CLIENT_ID_CONFIG,
                "nova-reader",
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
    settings.putAll(more);
    return new KafkaConsumer<>(brokers.client(settings));
  }
}
