package io.nova.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.cli.cluster.LocalCluster;
import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRecord;
import io.nova.handoff.BatchRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Answers the requests of topic {@code batches} in the job's place, on a thread of its own. */
final class BatchResponder implements AutoCloseable {
  private final String bootstrapServers;
  private final BiFunction<String, BatchRequest, @Nullable BatchAnswer> rule;
  private final List<BatchRequest> requests = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean ended;

  /**
   * Starts.
   *
   * @param rule the answer to a request id and its request; null for none
   */
  BatchResponder(
      String bootstrapServers, BiFunction<String, BatchRequest, @Nullable BatchAnswer> rule) {
    this.bootstrapServers = bootstrapServers;
    this.rule = rule;
    this.thread = new Thread(this::run, "batch-responder");
    thread.start();
  }

  private void run() {
    Map<String, Object> client = Map.of("bootstrap.servers", bootstrapServers);
    TopicPartition partition = new TopicPartition(LocalCluster.BATCHES, 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      while (!ended) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          if (text(record.headers().lastHeader(BatchRecord.KIND).value())
              .equals(BatchRecord.REQUEST)) {
            answer(producer, record);
          }
        }
      }
    }
  }

  private void answer(
      KafkaProducer<byte[], byte[]> producer, ConsumerRecord<byte[], byte[]> record) {
    BatchRequest request = BatchRequest.read(record.value());
    BatchAnswer answer = rule.apply(text(record.key()), request);
    requests.add(request);
    if (answer != null) {
      ProducerRecord<byte[], byte[]> sent =
          new ProducerRecord<>(LocalCluster.BATCHES, 0, record.key(), answer.write());
      sent.headers().add(BatchRecord.KIND, BatchRecord.ANSWER.getBytes(UTF_8));
      Future<RecordMetadata> unused = producer.send(sent);
      producer.flush();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, UTF_8);
  }

  /** The requests until now. */
  List<BatchRequest> requests() {
    return requests;
  }

  @Override
  public void close() throws InterruptedException {
    ended = true;
    thread.join();
  }
}
