package io.nova.kafka;

import java.io.Serial;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one record of a topic may measure. The broker compares a compressed batch with {@code
 * max.message.bytes}. The producer compares the record, before compression, with its own limits.
 *
 * <p>One thread.
 */
public final class SizeLimit implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  /** A topic that takes less may not even take a record without its value. */
  public static final int SMALLEST = 8192;

  private static final Logger LOG = LoggerFactory.getLogger(SizeLimit.class);

  /** Kafka's default of {@code max.message.bytes}. */
  private static final int DEFAULT_BYTES = 1_048_588;

  /** Kafka's default of {@code buffer.memory}. */
  private static final String DEFAULT_BUFFER = "33554432";

  private static final long TIMEOUT_SECONDS = 60;

  /** More than a batch of one record takes besides key, value and headers. */
  private static final int OVERHEAD = 128;

  private static final String LEFT_TO_THE_PRODUCER = "producer";
  private static final String UNCOMPRESSED = "uncompressed";

  private final String topic;
  private final Properties producer;
  private final long largestRecord;
  private int largestBatch = DEFAULT_BYTES;
  private List<String> compressions = List.of("none");

  /**
   * The limit of a topic, not known before {@link #open()}.
   *
   * @param producer settings of the producer, with the brokers and {@code max.request.size}
   */
  public SizeLimit(String topic, Properties producer) {
    this.topic = topic;
    this.producer = new Properties();
    this.producer.putAll(producer);
    this.largestRecord =
        Math.min(
            Long.parseLong(producer.getProperty(ProducerConfig.MAX_REQUEST_SIZE_CONFIG)),
            Long.parseLong(
                producer.getProperty(ProducerConfig.BUFFER_MEMORY_CONFIG, DEFAULT_BUFFER)));
  }

  /** Asks the brokers. Takes Kafka's default if they do not say. */
  public void open() throws InterruptedException {
    try (Admin admin = Admin.create(producer)) {
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
      Map<ConfigResource, Config> answer =
          admin.describeConfigs(Set.of(resource)).all().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      answer.values().forEach(this::take);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "Topic {}: its max.message.bytes cannot be read. Larger messages than {} bytes are"
              + " written without their value",
          topic,
          DEFAULT_BYTES,
          e);
    }
  }

  private void take(Config config) {
    limit(
        Integer.parseInt(
            value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(DEFAULT_BYTES))),
        value(config, TopicConfig.COMPRESSION_TYPE_CONFIG, LEFT_TO_THE_PRODUCER));
  }

  private static String value(Config config, String name, String otherwise) {
    ConfigEntry entry = config.get(name);
    return entry == null || entry.value() == null ? otherwise : entry.value();
  }

  /** A topic that compresses in a way of its own checks the batch before and after that. */
  void limit(int bytes, String compressionOfTheTopic) {
    largestBatch = bytes;
    Set<String> types = new LinkedHashSet<>();
    types.add(producer.getProperty(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none"));
    if (!compressionOfTheTopic.equals(LEFT_TO_THE_PRODUCER)) {
      types.add(compressionOfTheTopic.equals(UNCOMPRESSED) ? "none" : compressionOfTheTopic);
    }
    compressions = new ArrayList<>(types);
  }

  /** Whether producer and broker take a record. */
  boolean fits(ProducerRecord<byte[], byte[]> record) {
    long size = uncompressed(record);
    if (size > largestRecord) {
      return false;
    }
    return size <= largestBatch - largestBatch / 64
        || compressions.stream().allMatch(type -> batchBytes(record, type) <= largestBatch);
  }

  private static long uncompressed(ProducerRecord<byte[], byte[]> record) {
    long size = OVERHEAD + length(record.key()) + length(record.value());
    for (Header header : record.headers()) {
      size += 2L * header.key().length() + length(header.value()) + 10;
    }
    return size;
  }

  private static long length(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static int batchBytes(ProducerRecord<byte[], byte[]> record, String compression) {
    return MemoryRecords.withRecords(
            Compression.of(CompressionType.forName(compression)).build(),
            new SimpleRecord(
                System.currentTimeMillis(),
                record.key(),
                record.value(),
                record.headers().toArray()))
        .sizeInBytes();
  }

  /** Names both limits, for people: either may have decided. */
  @Override
  public String toString() {
    return "topic %s takes %d bytes, its producer %d uncompressed"
        .formatted(topic, largestBatch, largestRecord);
  }
}
