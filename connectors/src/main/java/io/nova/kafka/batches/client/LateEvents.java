package io.nova.kafka.batches.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.event.RejectReason;
import io.nova.event.row.EventSchema;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.TableRules;
import io.nova.iceberg.commit.TagRows;
import io.nova.kafka.KafkaPlace;
import io.nova.kafka.RejectedSerializer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * The late events of a batch, as the rejected topic has them. A message counts once, by its last
 * record: the topic is written at least once.
 *
 * @param bootstrapServers brokers, host:port, separated by commas
 * @param topic the job's {@code nova.kafka.rejected-topic}
 * @param settings further settings of Kafka's clients
 */
public record LateEvents(String bootstrapServers, String topic, Map<String, String> settings) {
  /** The most events of one answer, so that it fits into memory. */
  public static final int MOST = 100_000;

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofSeconds(1);
  private static final Set<String> REASONS =
      Set.of(
          RejectReason.BATCH_CLOSED.wireName(),
          RejectReason.TOO_LATE.wireName(),
          RejectReason.UNKNOWN.wireName());

  /** Copies the settings. */
  public LateEvents {
    settings = Map.copyOf(settings);
  }

  /**
   * Reads the whole topic.
   *
   * @param table the event table. Events that the tag of the batch has are left out: an attempt
   *     that failed may have rejected them before
   * @return the events by upload time
   * @throws RequestTopicException if the topic cannot be read, or has more than {@link #MOST} of
   *     them
   */
  public List<LateEvent> of(long batch, EventTable table) {
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      return without(new TagRows(table.iceberg(), batch), read(consumer, batch, table.rules()));
    } catch (KafkaException e) {
      throw new RequestTopicException(
          "Topic %s at %s cannot be read: %s.".formatted(topic, bootstrapServers, e), e);
    }
  }

  static List<LateEvent> without(TagRows tagged, List<LateEvent> found) {
    if (found.isEmpty() || !tagged.exist()) {
      return found;
    }
    Map<KafkaPlace, LateEvent> late = new LinkedHashMap<>();
    found.forEach(one -> late.put(one.place(), one));
    tagged.forEach(
        row ->
            late.remove(
                new KafkaPlace(
                    (String) row.getField(EventSchema.KAFKA_TOPIC),
                    (Integer) row.getField(EventSchema.KAFKA_PARTITION),
                    (Long) row.getField(EventSchema.KAFKA_OFFSET),
                    (Integer) row.getField(EventSchema.KAFKA_INDEX))),
        EventSchema.KAFKA_TOPIC,
        EventSchema.KAFKA_PARTITION,
        EventSchema.KAFKA_OFFSET,
        EventSchema.KAFKA_INDEX);
    return List.copyOf(late.values());
  }

  List<LateEvent> read(Consumer<byte[], byte[]> consumer, long batch, TableRules rules) {
    List<TopicPartition> partitions = partitions(consumer);
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, TIMEOUT);
    Map<KafkaPlace, LateEvent> found = new HashMap<>();
    Map<String, String> envelopes = new HashMap<>();
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey(), TIMEOUT) < end.getValue())) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(SILENCE)) {
        lateEvent(record)
            .filter(late -> rules.batchOf(micros(late.uploadTime())) == batch)
            .ifPresent(late -> add(found, late.sharing(envelopes)));
      }
    }
    List<LateEvent> events = new ArrayList<>(found.values());
    events.sort(
        Comparator.comparing(LateEvent::uploadTime)
            .thenComparing(LateEvent::partition)
            .thenComparing(LateEvent::offset)
            .thenComparing(LateEvent::index));
    return events;
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> found = consumer.partitionsFor(topic, TIMEOUT);
    if (found == null || found.isEmpty()) {
      throw new RequestTopicException(
          "Topic %s at %s does not exist. It must be the job's nova.kafka.rejected-topic."
              .formatted(topic, bootstrapServers));
    }
    return found.stream().map(one -> new TopicPartition(topic, one.partition())).toList();
  }

  private void add(Map<KafkaPlace, LateEvent> found, LateEvent late) {
    found.put(late.place(), late);
    if (found.size() > MOST) {
      throw new RequestTopicException(
          ("Topic %s at %s has more than %d late events of the batch. That many are not listed;"
                  + " read them with SQL from the view rejected.")
              .formatted(topic, bootstrapServers, MOST));
    }
  }

  /** The late event of a record; empty for other rejected messages. */
  static Optional<LateEvent> lateEvent(ConsumerRecord<byte[], byte @Nullable []> record) {
    String reason = header(record, "reason");
    String upload = header(record, RejectedSerializer.UPLOAD_MICROS);
    if (upload.isEmpty() || !REASONS.contains(reason)) {
      return Optional.empty();
    }
    byte[] envelope = KafkaPlace.envelope(record.headers());
    String index = header(record, KafkaPlace.INDEX);
    return Optional.of(
        new LateEvent(
            reason,
            !reason.equals(RejectReason.BATCH_CLOSED.wireName()),
            Instant.EPOCH.plus(Long.parseLong(upload), ChronoUnit.MICROS),
            header(record, "topic"),
            Integer.parseInt(header(record, "partition")),
            Long.parseLong(header(record, "offset")),
            index.isEmpty() ? 0 : Integer.parseInt(index),
            envelope == null ? null : new String(envelope, UTF_8),
            record.value() == null ? null : new String(record.value(), UTF_8)));
  }

  private static String header(ConsumerRecord<byte[], byte @Nullable []> record, String name) {
    Header header = record.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private static long micros(Instant time) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, time);
  }

  private Map<String, Object> client() {
    Map<String, Object> all = new HashMap<>();
    all.put(CommonClientConfigs.CLIENT_ID_CONFIG, "nova-late-events");
    all.putAll(settings);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return all;
  }
}
