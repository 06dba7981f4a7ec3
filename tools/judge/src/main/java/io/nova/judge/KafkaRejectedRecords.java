package io.nova.judge;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads the rejected topic with a plain consumer, from its beginning to its present end. */
public final class KafkaRejectedRecords implements RejectedRecords {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private final String bootstrapServers;
  private final String topic;

  /** Records of {@code topic} on this broker. */
  public KafkaRejectedRecords(String bootstrapServers, String topic) {
    this.bootstrapServers = bootstrapServers;
    this.topic = topic;
  }

  @Override
  public void forEach(Consumer<RejectedRecord> consumer) {
    try (KafkaConsumer<byte[], byte[]> kafka = new KafkaConsumer<>(settings())) {
      List<TopicPartition> partitions = partitions(kafka);
      kafka.assign(partitions);
      kafka.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = kafka.endOffsets(partitions, ANSWER);
      long lastNews = System.nanoTime();
      while (ends.entrySet().stream()
          .anyMatch(end -> kafka.position(end.getKey(), ANSWER) < end.getValue())) {
        ConsumerRecords<byte[], byte[]> records = kafka.poll(POLL);
        records.forEach(record -> consumer.accept(read(record)));
        lastNews = records.isEmpty() ? lastNews : System.nanoTime();
        if (System.nanoTime() - lastNews > SILENCE.toNanos()) {
          throw new KafkaException(
              "Topic %s at %s: no record for %s, although it has more."
                  .formatted(topic, bootstrapServers, SILENCE));
        }
      }
    }
  }

  private List<TopicPartition> partitions(KafkaConsumer<byte[], byte[]> kafka) {
    List<PartitionInfo> found = kafka.partitionsFor(topic, ANSWER);
    if (found == null || found.isEmpty()) {
      throw new KafkaException(
          "Topic %s at %s: not there, so nothing can be judged."
              .formatted(topic, bootstrapServers));
    }
    return found.stream().map(p -> new TopicPartition(p.topic(), p.partition())).toList();
  }

  private static RejectedRecord read(ConsumerRecord<byte[], byte[]> record) {
    return new RejectedRecord(
        record.value(),
        header(record, "reason"),
        header(record, "topic"),
        (int) number(header(record, "partition")),
        number(header(record, "offset")));
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static long number(String text) {
    return text.matches("\\d{1,18}") ? Long.parseLong(text) : -1;
  }

  private Map<String, Object> settings() {
    return Map.of(
        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
        bootstrapServers,
        ConsumerConfig.CLIENT_ID_CONFIG,
        "nova-judge",
        ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class,
        ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
        ByteArrayDeserializer.class,
        ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
        false,
        ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
        false,
        ConsumerConfig.ISOLATION_LEVEL_CONFIG,
        "read_committed");
  }
}
