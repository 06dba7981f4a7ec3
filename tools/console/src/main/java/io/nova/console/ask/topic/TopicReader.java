package io.nova.console.ask.topic;

import java.io.Closeable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest records of a topic, each once. It begins by the records' timestamps, and at most
 * a number of records before the end. Used by one thread.
 */
final class TopicReader implements Closeable {
  private static final Duration POLL = Duration.ofMillis(200);

  /** A broker that sends no record for this long has failed. */
  private static final Duration SILENCE = Duration.ofSeconds(15);

  /** Accuracy of the time at which a reader of too many records begins. */
  private static final long ACCURACY_MILLIS = 1_000;

  private final String topic;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final InstantSource clock;
  private final long mostRecords;
  private final Map<TopicPartition, Long> next = new HashMap<>();
  private Map<TopicPartition, Long> ends = Map.of();
  private volatile @Nullable Consumer<byte[], byte[]> connected;

  /** Where a reader goes on. */
  enum State {
    /** The topic has the records that were read, and perhaps more. */
    CONTINUED,
    /** Records that were read are no longer part of the topic, which was made anew. */
    ANOTHER,
    /** There is no such topic. */
    MISSING
  }

  /**
   * A reader.
   *
   * @param consumers makes a consumer without a group; the reader closes it
   * @param mostRecords greatest number of records that are read
   */
  TopicReader(
      String topic,
      Supplier<Consumer<byte[], byte[]>> consumers,
      InstantSource clock,
      long mostRecords) {
    this.topic = topic;
    this.consumers = consumers;
    this.clock = clock;
    this.mostRecords = mostRecords;
  }

  private Consumer<byte[], byte[]> consumer() {
    Consumer<byte[], byte[]> open = connected;
    if (open == null) {
      open = consumers.get();
      connected = open;
    }
    return open;
  }

  /**
   * Notes the ends of the topic, up to which {@link #poll} reads.
   *
   * @throws KafkaException if the broker does not answer
   */
  State begin() {
    List<TopicPartition> partitions = partitions();
    if (partitions.isEmpty()) {
      next.clear();
      return State.MISSING;
    }
    if (!consumer().assignment().equals(new HashSet<>(partitions))) {
      consumer().assign(partitions);
    }
    try {
      ends = consumer().endOffsets(partitions);
    } catch (UnknownTopicOrPartitionException deleted) {
      next.clear();
      return State.MISSING;
    }
    boolean another =
        next.entrySet().stream()
            .anyMatch(read -> ends.getOrDefault(read.getKey(), 0L) < read.getValue());
    if (another) {
      next.clear();
    }
    return another ? State.ANOTHER : State.CONTINUED;
  }

  private List<TopicPartition> partitions() {
    try {
      List<PartitionInfo> found = consumer().partitionsFor(topic);
      return found == null
          ? List.of()
          : found.stream().map(one -> new TopicPartition(topic, one.partition())).toList();
    } catch (UnknownTopicOrPartitionException missing) {
      return List.of();
    }
  }

  /**
   * Goes to the first record to read.
   *
   * @param from the oldest time of records
   * @return the time before which records are left out because they are too many; empty if none are
   */
  Optional<Instant> seek(Instant from) {
    Map<TopicPartition, Long> starts = next;
    Optional<Instant> left = Optional.empty();
    if (!next.keySet().containsAll(ends.keySet()) || records(next) > mostRecords) {
      long time = newest(from);
      starts = at(time);
      boolean tooMany = time > from.toEpochMilli() || records(starts) > mostRecords;
      left = tooMany ? Optional.of(Instant.ofEpochMilli(time + ACCURACY_MILLIS)) : left;
    }
    for (Map.Entry<TopicPartition, Long> end : ends.entrySet()) {
      TopicPartition partition = end.getKey();
      long start =
          Math.max(
              next.getOrDefault(partition, 0L), starts.getOrDefault(partition, end.getValue()));
      consumer().seek(partition, Math.max(start, end.getValue() - mostRecords));
    }
    return left;
  }

  /** The first time after which there are few enough records, by a search in the broker's index. */
  private long newest(Instant from) {
    long many = from.toEpochMilli();
    if (records(at(many)) <= mostRecords) {
      return many;
    }
    long few = clock.millis();
    while (few - many > ACCURACY_MILLIS) {
      long middle = many + (few - many) / 2;
      if (records(at(middle)) > mostRecords) {
        many = middle;
      } else {
        few = middle;
      }
    }
    return many;
  }

  /** The offsets of the first records of a time or after it. */
  private Map<TopicPartition, Long> at(long millis) {
    Map<TopicPartition, Long> times = new HashMap<>();
    ends.keySet().forEach(partition -> times.put(partition, millis));
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (Map.Entry<TopicPartition, @Nullable OffsetAndTimestamp> found :
        consumer().offsetsForTimes(times).entrySet()) {
      OffsetAndTimestamp first = found.getValue();
      offsets.put(
          found.getKey(),
          first == null ? ends.getOrDefault(found.getKey(), 0L) : (Long) first.offset());
    }
    return offsets;
  }

  private long records(Map<TopicPartition, Long> starts) {
    return ends.entrySet().stream()
        .mapToLong(
            end -> Math.max(0, end.getValue() - starts.getOrDefault(end.getKey(), end.getValue())))
        .sum();
  }

  /**
   * The next records; none at the ends.
   *
   * @throws KafkaException if the broker does not answer
   */
  List<ConsumerRecord<byte[], byte @Nullable []>> poll() {
    List<ConsumerRecord<byte[], byte @Nullable []>> records = new ArrayList<>();
    long silentSince = System.nanoTime();
    while (records.isEmpty() && !isAtEnd()) {
      try {
        consumer()
            .poll(POLL)
            .forEach(
                record -> {
                  if (isBeforeEnd(record)) {
                    records.add(record);
                  }
                });
      } catch (InvalidOffsetException removed) {
        // The topic's retention was faster.
        consumer().seekToBeginning(removed.partitions());
      }
      if (records.isEmpty() && System.nanoTime() - silentSince > SILENCE.toNanos()) {
        throw new TimeoutException(
            "the broker sent no record for %d s".formatted(SILENCE.toSeconds()));
      }
    }
    return records;
  }

  private boolean isAtEnd() {
    return ends.entrySet().stream()
        .allMatch(end -> consumer().position(end.getKey()) >= end.getValue());
  }

  /** Later ones are read again by the next load. */
  private boolean isBeforeEnd(ConsumerRecord<byte[], byte @Nullable []> record) {
    return record.offset()
        < ends.getOrDefault(new TopicPartition(record.topic(), record.partition()), 0L);
  }

  /** Notes that all records that were polled are stored. */
  void stored() {
    ends.forEach(
        (partition, end) -> next.put(partition, Math.min(consumer().position(partition), end)));
  }

  /** Ends a running call of another thread. */
  void wakeUp() {
    Consumer<byte[], byte[]> open = connected;
    if (open != null) {
      open.wakeup();
    }
  }

  /** Ends the connection. The next call makes another one, which goes on at the same place. */
  @Override
  public void close() {
    Consumer<byte[], byte[]> open = connected;
    connected = null;
    if (open != null) {
      open.close(CloseOptions.timeout(Duration.ofSeconds(1)));
    }
  }
}
