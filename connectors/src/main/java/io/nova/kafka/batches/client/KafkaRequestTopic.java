package io.nova.kafka.batches.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchRecord;
import io.nova.handoff.BatchRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * The topic {@code batches} on a Kafka cluster, as a client uses it.
 *
 * @param bootstrapServers brokers, host:port, separated by commas
 * @param topic the job's {@code nova.kafka.batches-topic}
 * @param settings further settings of Kafka's clients, such as those of SASL and TLS
 */
public record KafkaRequestTopic(String bootstrapServers, String topic, Map<String, String> settings)
    implements RequestTopic {
  private static final long TIMEOUT_SECONDS = 30;

  /** Copies the settings. */
  public KafkaRequestTopic {
    settings = Map.copyOf(settings);
  }

  @Override
  public Answers send(String id, BatchRequest request) {
    mustBeUsable();
    long offset = append(id, request);
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(reading(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(List.of(partition()));
    consumer.seek(partition(), offset + 1);
    return new KafkaAnswers(id, consumer);
  }

  private TopicPartition partition() {
    return new TopicPartition(topic, 0);
  }

  private void mustBeUsable() {
    try (Admin admin = Admin.create(client())) {
      TopicDescription found =
          Objects.requireNonNull(
              admin
                  .describeTopics(List.of(topic))
                  .allTopicNames()
                  .get(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                  .get(topic));
      if (found.partitions().size() != 1) {
        throw new RequestTopicException(
            "%s: found %d partitions, expected 1. The request was not sent."
                .formatted(this, found.partitions().size()));
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof UnknownTopicOrPartitionException
          ? new RequestTopicException(
              this
                  + ": it does not exist. It must be the job's nova.kafka.batches-topic. The"
                  + " request was not sent.")
          : unreachable(e.getCause());
    } catch (TimeoutException | KafkaException e) {
      throw unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unreachable(e);
    }
  }

  private RequestTopicException unreachable(@Nullable Throwable reason) {
    return new RequestTopicException(
        "%s: the broker did not answer (%s). The request was not sent.".formatted(this, reason),
        reason == null ? new IllegalStateException("No reason") : reason);
  }

  private long append(String id, BatchRequest request) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, 0, id.getBytes(UTF_8), request.write());
    record.headers().add(BatchRecord.KIND, BatchRecord.REQUEST.getBytes(UTF_8));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(writing(), new ByteArraySerializer(), new ByteArraySerializer())) {
      return producer.send(record).get().offset();
    } catch (ExecutionException | KafkaException e) {
      throw unsure(id, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unsure(id, e);
    }
  }

  private RequestTopicException unsure(String id, Exception reason) {
    return new RequestTopicException(
        ("%s: request %s may be there or not (%s). Ask again: the job does what is already done"
                + " only once.")
            .formatted(this, id, reason),
        reason);
  }

  private Map<String, Object> client() {
    Map<String, Object> all = new HashMap<>();
    all.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, "15000");
    all.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, "5000");
    all.put(CommonClientConfigs.CLIENT_ID_CONFIG, "nova-batches");
    all.putAll(settings);
    all.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    return all;
  }

  private Map<String, Object> writing() {
    Map<String, Object> all = client();
    all.remove(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.putIfAbsent(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "30000");
    all.putIfAbsent(ProducerConfig.MAX_BLOCK_MS_CONFIG, "15000");
    return all;
  }

  private Map<String, Object> reading() {
    Map<String, Object> all = client();
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return all;
  }

  /** For the beginning of a message. */
  @Override
  public String toString() {
    return "Topic %s at %s".formatted(topic, bootstrapServers);
  }

  /** The answers to one request, as a consumer finds them after it. */
  private final class KafkaAnswers implements Answers {
    private final String id;
    private final KafkaConsumer<byte[], byte[]> consumer;

    KafkaAnswers(String id, KafkaConsumer<byte[], byte[]> consumer) {
      this.id = id;
      this.consumer = consumer;
    }

    @Override
    public Optional<BatchAnswer> poll(Duration atMost) {
      try {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(atMost)) {
          if (isAnswer(record, id)) {
            return Optional.of(BatchAnswer.read(record.value()));
          }
        }
        return Optional.empty();
      } catch (KafkaException | IllegalArgumentException e) {
        throw new RequestTopicException(
            "%s: the answer to request %s cannot be read (%s). The request is kept."
                .formatted(KafkaRequestTopic.this, id, e),
            e);
      }
    }

    @Override
    public void close() {
      consumer.close();
    }
  }

  static boolean isAnswer(ConsumerRecord<byte[], byte[]> record, String id) {
    Header kind = record.headers().lastHeader(BatchRecord.KIND);
    return kind != null
        && Arrays.equals(kind.value(), BatchRecord.ANSWER.getBytes(UTF_8))
        && Arrays.equals(record.key(), id.getBytes(UTF_8));
  }
}
