package io.nova.workload.send;

import io.nova.workload.input.Message;
import io.nova.workload.input.MessageCursor;
import io.nova.workload.input.Messages;
import io.nova.workload.input.ProgressListener;
import io.nova.workload.topic.Brokers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends messages to a topic. A message that fails is named in the report, and the others are sent.
 * One instance may be used again. For one thread at a time.
 *
 * <p>The producer is idempotent and waits for all replicas. A message is therefore on the topic
 * once, and the messages of one partition keep their order. A partition number that the topic does
 * not have is taken modulo the number of the topic's partitions.
 */
public final class Sender {
  /** How many failures are reported with size and reason; the others by index only. */
  public static final int MAX_NAMED_FAILURES = 20;

  /** The largest request in bytes: 16 MiB. */
  public static final int MAX_REQUEST_BYTES = 16 << 20;

  /** The largest value in bytes: the client adds 88 bytes of its own to each. */
  public static final int MAX_VALUE_BYTES = MAX_REQUEST_BYTES - 88;

  private static final int PROGRESS_EVERY = 1_000;

  private final Brokers brokers;
  private final String topic;
  private final List<Header> headers;
  private final Supplier<RecordTimes> times;

  /** A sender to one topic. */
  public Sender(Brokers brokers, String topic) {
    this(brokers, topic, List.of(), RecordTimes::now);
  }

  /** A sender to one topic of brokers that need no settings. */
  public Sender(String bootstrapServers, String topic) {
    this(Brokers.at(bootstrapServers), topic);
  }

  private Sender(Brokers brokers, String topic, List<Header> headers, Supplier<RecordTimes> times) {
    this.brokers = brokers;
    this.topic = topic;
    this.headers = headers;
    this.times = times;
  }

  /**
   * A sender to the same topic whose records have the times of the replayed days. The time of a
   * record is the greatest upload time of its message and those before it. Otherwise it is the time
   * of sending, and hours of upload time pass within seconds.
   */
  public Sender inReplayedTime() {
    return new Sender(brokers, topic, headers, RecordTimes::replayed);
  }

  /** A sender to the same topic whose messages carry one more header. */
  public Sender marked(String header, String value) {
    ArrayList<Header> more = new ArrayList<>(headers);
    more.add(new RecordHeader(header, value.getBytes(StandardCharsets.UTF_8)));
    return new Sender(brokers, topic, List.copyOf(more), times);
  }

  /**
   * Sends all messages in their order, and waits until each is acknowledged or has failed. An
   * interrupt ends it early: it waits for the messages that the producer already has, the report is
   * not complete, and the thread stays interrupted.
   *
   * @throws java.io.UncheckedIOException when the messages cannot be read
   * @throws org.apache.kafka.common.KafkaException when the broker cannot be reached at all
   */
  public SendReport send(Messages messages, Pace pace, ProgressListener progress) {
    try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(settings(brokers))) {
      int partitions = producer.partitionsFor(topic).size();
      Acknowledgements acknowledgements = new Acknowledgements();
      long startNanos = System.nanoTime();
      boolean complete =
          handOver(messages, new Pacer(pace), producer, partitions, acknowledgements, progress);
      boolean interrupted = Thread.interrupted();
      producer.flush();
      Duration elapsed = Duration.ofNanos(System.nanoTime() - startNanos);
      progress.progress("sending", acknowledgements.settled(), messages.count());
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return acknowledgements.report(complete, elapsed);
    }
  }

  private boolean handOver(
      Messages messages,
      Pacer pacer,
      KafkaProducer<byte[], byte[]> producer,
      int partitions,
      Acknowledgements acknowledgements,
      ProgressListener progress) {
    RecordTimes time = times.get();
    try (MessageCursor cursor = messages.open()) {
      for (long index = 0; cursor.hasNext(); index++) {
        Message message = cursor.next();
        pacer.await(message.uploadMicros());
        int target = partitionOf(message, index, partitions);
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<byte[], byte[]>(
                topic, target, time.next(message), null, message.value(), headersOf(message));
        Future<RecordMetadata> unused =
            producer.send(record, acknowledgements.of(index, message.sizeBytes()));
        if (index % PROGRESS_EVERY == 0 || pacer.waited()) {
          progress.progress("sending", acknowledgements.settled(), messages.count());
        }
      }
      return true;
    } catch (InterruptedException | InterruptException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private List<Header> headersOf(Message message) {
    if (message.envelope() == null) {
      return headers;
    }
    ArrayList<Header> more = new ArrayList<>(headers);
    more.add(new RecordHeader(Message.ELEMENT, message.envelope()));
    return more;
  }

  private static int partitionOf(Message message, long index, int partitions) {
    return message.partition() == Message.ANY_PARTITION
        ? (int) (index % partitions)
        : message.partition() % partitions;
  }

  /** No compression: on one machine it costs the sender more than it saves the broker. */
  static Map<String, Object> settings(Brokers brokers) {
    return brokers.client(
        Map.of(
            ProducerConfig.CLIENT_ID_CONFIG,
            "nova-send",
            ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG,
            ByteArraySerializer.class,
            ProducerConfig.ACKS_CONFIG,
            "all",
            ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
            true,
            ProducerConfig.LINGER_MS_CONFIG,
            10,
            ProducerConfig.BATCH_SIZE_CONFIG,
            512 << 10,
            ProducerConfig.BUFFER_MEMORY_CONFIG,
            64L << 20,
            ProducerConfig.MAX_REQUEST_SIZE_CONFIG,
            MAX_REQUEST_BYTES));
  }
}
