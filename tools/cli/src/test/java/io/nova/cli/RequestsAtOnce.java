package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.cli.cluster.LocalCluster;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRecord;
import io.nova.handoff.BatchRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Requests in one record batch of the topic {@code batches}. The job reads them together, so one
 * checkpoint judges all of them.
 */
final class RequestsAtOnce {
  private static final TopicPartition TOPIC = new TopicPartition(LocalCluster.BATCHES, 0);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final int POLLS = 300;

  private final String servers;

  RequestsAtOnce(ProcessCluster nova) {
    this.servers = nova.processes().bootstrapServers();
  }

  /** A request and its id. */
  record Asked(String id, BatchRequest request) {}

  void send(List<Asked> requests) throws Exception {
    Map<String, Object> settings = Map.of("bootstrap.servers", servers, "linger.ms", 500);
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (Asked asked : requests) {
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                LocalCluster.BATCHES, 0, asked.id().getBytes(UTF_8), asked.request().write());
        record.headers().add(BatchRecord.KIND, BatchRecord.REQUEST.getBytes(UTF_8));
        sent.add(producer.send(record));
      }
      for (Future<RecordMetadata> one : sent) {
        RecordMetadata unused = one.get();
      }
    }
  }

  /** Waits for the first answer to each of some requests. */
  Map<String, BatchAnswer> answers(Set<String> ids) {
    Map<String, BatchAnswer> answers = new LinkedHashMap<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", servers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(TOPIC));
      consumer.seekToBeginning(List.of(TOPIC));
      for (int poll = 0; poll < POLLS && !answers.keySet().containsAll(ids); poll++) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (new String(record.headers().lastHeader(BatchRecord.KIND).value(), UTF_8)
              .equals(BatchRecord.ANSWER)) {
            answers.putIfAbsent(new String(record.key(), UTF_8), BatchAnswer.read(record.value()));
          }
        }
      }
    }
    answers.keySet().retainAll(ids);
    return answers;
  }
}
