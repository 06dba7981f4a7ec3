package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.cluster.LocalCluster;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** The admitted topic of a cluster, read by a plain consumer, beside the table and the input. */
final class AdmittedTopic {
  private final ProcessCluster nova;
  private final String isolation;

  /** A topic that a consumer reads with this {@code isolation.level}. */
  AdmittedTopic(ProcessCluster nova, String isolation) {
    this.nova = nova;
    this.isolation = isolation;
  }

  /** One record of the topic. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its test alone
  record Sent(
      String place,
      String fingerprint,
      String generation,
      String batch,
      String uploadMicros,
      byte[] value) {}

  /** All records, in the order of the topic. */
  List<Sent> read() {
    List<Sent> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(LocalCluster.ADMITTED)) {
      assertThat(new String(record.key(), UTF_8))
          .isEqualTo(
              "%s-%s-%s"
                  .formatted(
                      header(record, "topic"),
                      header(record, "partition"),
                      header(record, "offset")));
      all.add(
          new Sent(
              new String(record.key(), UTF_8),
              header(record, "fingerprint"),
              generation(record),
              header(record, "batch"),
              header(record, "upload_micros"),
              record.value()));
    }
    return all;
  }

  private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
    @Nullable Header header = record.headers().lastHeader(name);
    return new String(Objects.requireNonNull(header, "header " + name).value(), UTF_8);
  }

  /** Empty for an event of the first moments of a run. */
  private static String generation(ConsumerRecord<byte[], byte[]> record) {
    @Nullable Header header = record.headers().lastHeader("generation");
    return header == null ? "" : new String(header.value(), UTF_8);
  }

  private List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            nova.processes().bootstrapServers(),
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            isolation);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    ByteArrayDeserializer bytes = new ByteArrayDeserializer();
    try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings, bytes, bytes)) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }

  /** The places of the table's rows. */
  Set<String> table() {
    return nova.ask("SELECT kafka_partition, kafka_offset FROM events").stream()
        .map(AdmittedTopic::place)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Waits until all that is decided is on the topic, and committed there. */
  void awaitCheckpoints() {
    long before = nova.lastCheckpoint().orElse(0L);
    nova.await(
        "two checkpoints, so that all is on the topic",
        () -> nova.lastCheckpoint().orElse(0L) >= before + 2);
  }

  /** Each record has the bytes of the message at its place. */
  void mustHaveTheBytesOfTheirMessages(List<Sent> records) {
    Map<String, byte[]> messages = new HashMap<>();
    for (ConsumerRecord<byte[], byte[]> message : records(LocalCluster.EVENTS)) {
      messages.put(
          "%s-%d-%d".formatted(message.topic(), message.partition(), message.offset()),
          message.value());
    }
    assertThat(records)
        .allSatisfy(
            record ->
                assertThat(Arrays.equals(record.value(), messages.get(record.place())))
                    .as("bytes of %s", record.place())
                    .isTrue());
  }

  /** Each record whose place is in the table has the batch and the upload time of its row. */
  void mustHaveTheBatchAndTimeOfTheirRows(List<Sent> records) {
    Map<String, String> rows = new HashMap<>();
    for (JsonNode row :
        nova.ask(
            "SELECT kafka_partition, kafka_offset, batch_number, server_upload_time FROM events")) {
      rows.put(
          place(row),
          "%d at %d"
              .formatted(
                  row.get(2).asLong(),
                  ChronoUnit.MICROS.between(
                      Instant.EPOCH, OffsetDateTime.parse(row.get(3).asText()))));
    }
    assertThat(rows).isNotEmpty();
    assertThat(records)
        .filteredOn(record -> rows.containsKey(record.place()))
        .allSatisfy(
            record ->
                assertThat("%s at %s".formatted(record.batch(), record.uploadMicros()))
                    .as("batch and upload time of %s", record.place())
                    .isEqualTo(rows.get(record.place())));
  }

  private static String place(JsonNode row) {
    return "%s-%d-%d".formatted(LocalCluster.EVENTS, row.get(0).asInt(), row.get(1).asLong());
  }

  static List<String> places(List<Sent> records) {
    return records.stream().map(Sent::place).toList();
  }

  /** The fingerprints of the records whose places are given. */
  static Set<String> fingerprints(List<Sent> records, Set<String> places) {
    Set<String> fingerprints = new HashSet<>();
    for (Sent record : records) {
      if (places.contains(record.place())) {
        fingerprints.add(record.fingerprint());
      }
    }
    return fingerprints;
  }
}
