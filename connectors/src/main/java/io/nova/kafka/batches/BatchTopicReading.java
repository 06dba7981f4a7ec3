package io.nova.kafka.batches;

import io.nova.handoff.BatchRecord;
import io.nova.kafka.source.UnreadableTopicException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread that reads the topic {@code batches} and looks for empty partitions of the events. */
final class BatchTopicReading implements BatchTopic.Reading {
  private static final Logger LOG = LoggerFactory.getLogger(BatchTopicReading.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final long LOOK_EVERY_NANOS = 30_000_000_000L;

  private final TopicPartition partition;
  private final String events;
  private final long position;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final BatchTopic.Reader reader;
  private final Thread thread;
  private volatile boolean closed;

  /**
   * A reading that has not begun.
   *
   * @param events the topic of the events
   * @param position the offset of the last record that is known
   * @param consumers makes the consumer
   */
  BatchTopicReading(
      String topic,
      String events,
      long position,
      Supplier<Consumer<byte[], byte[]>> consumers,
      BatchTopic.Reader reader) {
    this.partition = new TopicPartition(topic, 0);
    this.position = position;
    this.consumers = consumers;
    this.events = events;
    this.reader = reader;
    this.thread = new Thread(this::run, "nova-batches-reader");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  private void run() {
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      consumer.assign(List.of(partition));
      long end = end(consumer);
      consumer.seek(partition, position + 1);
      read(consumer, end);
    } catch (InterruptException ended) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      if (!closed) {
        reader.failed(e);
      }
    }
  }

  /** The end of the topic. Fails if the records after the position are not all there. */
  private long end(Consumer<byte[], byte[]> consumer) {
    long start = offset(consumer.beginningOffsets(List.of(partition)));
    long end = offset(consumer.endOffsets(List.of(partition)));
    if (start > position + 1) {
      throw new UnreadableTopicException(
          ("Topic %s: it begins at offset %d, and the state goes on at %d. Requests in between are"
                  + " gone. Nothing was applied. Restore a newer savepoint. The job ends.")
              .formatted(partition.topic(), start, position + 1));
    }
    if (end < position + 1) {
      throw new IllegalStateException(
          ("Topic %s: it ends at offset %d, and the state goes on at %d. The brokers lost records"
                  + " that the job has read. The job fails and starts over.")
              .formatted(partition.topic(), end, position + 1));
    }
    return end;
  }

  private long offset(Map<TopicPartition, Long> offsets) {
    return offsets.getOrDefault(partition, 0L);
  }

  private void read(Consumer<byte[], byte[]> consumer, long end) {
    boolean caughtUp = false;
    long lookedNanos = System.nanoTime() - LOOK_EVERY_NANOS;
    while (!closed) {
      if (System.nanoTime() - lookedNanos >= LOOK_EVERY_NANOS) {
        look(consumer);
        lookedNanos = System.nanoTime();
      }
      deliver(consumer);
      if (!caughtUp && consumer.position(partition) >= end) {
        reader.caughtUp();
        caughtUp = true;
      }
    }
  }

  private void deliver(Consumer<byte[], byte[]> consumer) {
    List<BatchRecord> read = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
      read.add(
          new BatchRecord(
              record.offset(),
              text(record.key()),
              kind(record),
              Objects.requireNonNullElse(text(record.value()), "")));
    }
    if (!read.isEmpty()) {
      reader.records(read);
    }
  }

  private static @Nullable String kind(ConsumerRecord<byte[], byte[]> record) {
    Header kind = record.headers().lastHeader(BatchRecord.KIND);
    return kind == null ? null : text(kind.value());
  }

  private static @Nullable String text(byte @Nullable [] utf8) {
    return utf8 == null ? null : new String(utf8, StandardCharsets.UTF_8);
  }

  /** What the brokers do not say now, they say later. */
  private void look(Consumer<byte[], byte[]> consumer) {
    try {
      List<TopicPartition> partitions =
          consumer.partitionsFor(events).stream()
              .map(info -> new TopicPartition(events, info.partition()))
              .toList();
      Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
      reader.empty(
          consumer.beginningOffsets(partitions).entrySet().stream()
              .filter(start -> start.getValue().equals(ends.get(start.getKey())))
              .map(start -> start.getKey().partition())
              .collect(Collectors.toUnmodifiableSet()));
    } catch (TimeoutException e) {
      LOG.warn("Topic {}: its empty partitions hold a close for now: {}", events, e.getMessage());
    }
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
