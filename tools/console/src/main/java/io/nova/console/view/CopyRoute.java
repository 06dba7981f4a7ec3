package io.nova.console.view;

import io.nova.cli.process.CommandException;
import io.nova.console.server.Reply;
import io.nova.console.server.Request;
import io.nova.console.server.Route;
import io.nova.workload.topic.Brokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The bytes of one message, by its place: {@code GET /api/copy?topic=…&partition=…&offset=…}. The
 * page shows a dropped copy beside its first copy. Thread-safe.
 */
public final class CopyRoute implements Route {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int LONGEST = 64 * 1024;

  private final Supplier<Brokers> brokers;
  private final Supplier<Set<String>> topics;

  /**
   * Reads messages of some topics.
   *
   * @param brokers may throw a {@link CommandException} if none is known
   * @param topics the topics that may be read
   */
  public CopyRoute(Supplier<Brokers> brokers, Supplier<Set<String>> topics) {
    this.brokers = brokers;
    this.topics = topics;
  }

  @Override
  public Reply handle(Request request) {
    String topic = request.query().getOrDefault("topic", "");
    try {
      Set<String> allowed = topics.get();
      if (!allowed.contains(topic)) {
        return Reply.error(
            400,
            "topic: found %s, expected one of %s.".formatted(topic, String.join(", ", allowed)));
      }
      TopicPartition partition =
          new TopicPartition(
              topic, Integer.parseUnsignedInt(request.query().getOrDefault("partition", "")));
      long offset = Long.parseUnsignedLong(request.query().getOrDefault("offset", ""));
      return read(partition, offset)
          .map(record -> Reply.json(object(record)))
          .orElseGet(
              () ->
                  Reply.error(
                      404,
                      "%s, offset %d: the topic does not hold this message any more."
                          .formatted(partition, offset)));
    } catch (NumberFormatException e) {
      return Reply.error(400, "partition and offset: expected two whole numbers.");
    } catch (CommandException e) {
      return Reply.error(503, String.valueOf(e.getMessage()));
    } catch (KafkaException e) {
      return Reply.error(503, "The broker does not answer: %s".formatted(e.getMessage()));
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long offset) {
    Map<String, Object> settings =
        brokers
            .get()
            .client(
                Map.<String, Object>of(
                    ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                    1,
                    ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                    "earliest",
                    ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                    false,
                    ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                    (int) TIMEOUT.toMillis()));
    try (KafkaConsumer<byte[], byte[]> kafka =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      kafka.assign(List.of(partition));
      kafka.seek(partition, offset);
      for (ConsumerRecord<byte[], byte[]> record : kafka.poll(TIMEOUT)) {
        if (record.offset() == offset) {
          return Optional.of(record);
        }
      }
      return Optional.empty();
    }
  }

  private static Map<String, Object> object(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value() == null ? new byte[0] : record.value();
    int shown = Math.min(value.length, LONGEST);
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("text", new String(value, 0, shown, StandardCharsets.UTF_8));
    object.put("bytes", value.length);
    object.put("truncated", shown < value.length);
    return object;
  }
}
