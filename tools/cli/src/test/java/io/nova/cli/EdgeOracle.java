package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.nova.cli.cluster.JobFigures;
import io.nova.cli.cluster.LocalCluster;
import io.nova.workload.input.Message;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends messages and knows by a set and a map what becomes of each: a known id is a duplicate, a
 * new event of a closed batch is rejected, every other event is admitted. Batches have one hour,
 * and all copies lie within the dedup window.
 */
final class EdgeOracle {
  private static final Pattern ID = Pattern.compile("insert_id\":\"([^\"]+)\"");
  private static final long HOUR_MICROS = 3_600_000_000L;

  private final ProcessCluster nova;
  private final Set<String> known = new HashSet<>();
  private final TreeMap<Long, Long> admitted = new TreeMap<>();
  private long duplicates;
  private long late;
  private long closed;
  private long completed;

  EdgeOracle(ProcessCluster nova) {
    this.nova = nova;
  }

  /** Sends messages, in one Kafka batch for each partition, and compares the job's figures. */
  void send(List<Message> messages) {
    messages.forEach(this::decide);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", nova.processes().bootstrapServers(), "linger.ms", 500),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      List<Future<RecordMetadata>> unused = new ArrayList<>();
      messages.forEach(message -> unused.add(producer.send(record(message))));
    }
    nova.noteSent(messages);
    nova.awaitAllDecided();
    JobFigures figures = nova.figures();
    assertThat(
            List.of(
                figures.admitted(),
                figures.duplicates(),
                figures.rejected().getOrDefault("batch_closed", 0L)))
        .as("admitted, duplicates, batch_closed")
        .containsExactly((long) known.size(), duplicates, late);
  }

  private static ProducerRecord<byte[], byte[]> record(Message message) {
    return new ProducerRecord<>(
        LocalCluster.EVENTS,
        message.partition(),
        message.uploadMicros() / 1_000,
        null,
        message.value());
  }

  private void decide(Message message) {
    Matcher id = ID.matcher(new String(Objects.requireNonNull(message.value()), UTF_8));
    assertThat(id.find()).isTrue();
    long batch = Math.floorDiv(message.uploadMicros(), HOUR_MICROS);
    if (known.contains(id.group(1))) {
      duplicates++;
    } else if (batch <= closed) {
      late++;
    } else {
      known.add(id.group(1));
      admitted.merge(batch, 1L, Long::sum);
    }
  }

  /** All batches up to one are closed. */
  void closed(long batch) {
    closed = batch;
  }

  /** All batches up to one are completed. */
  void completed(long batch) {
    completed = batch;
  }

  /** The number of events of a batch. */
  long admitted(long batch) {
    return admitted.getOrDefault(batch, 0L);
  }

  /** A query of events must have those that are not completed, each once. Live views may lag. */
  void mustBeAnswered() {
    String query =
        "SELECT batch_number, COUNT(insert_id), COUNT(DISTINCT insert_id) FROM events GROUP BY"
            + " batch_number";
    List<String> rows =
        admitted.tailMap(completed, false).entrySet().stream()
            .map(one -> "[%d,%d,%d]".formatted(one.getKey(), one.getValue(), one.getValue()))
            .toList();
    nova.await(
        "the events are " + rows,
        () -> nova.ask(query).stream().map(JsonNode::toString).sorted().toList().equals(rows));
  }
}
