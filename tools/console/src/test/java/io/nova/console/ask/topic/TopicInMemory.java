package io.nova.console.ask.topic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;

/** A topic, and consumers of it that need no broker. */
public final class TopicInMemory {
  private static final int RECORDS_A_POLL = 500;

  final String name;
  private final TreeMap<Integer, List<ConsumerRecord<byte[], byte[]>>> records = new TreeMap<>();
  private final Map<Integer, Long> removed = new HashMap<>();

  /** The failure of the next calls. */
  public @Nullable KafkaException failure;

  /** The number of polls after which {@link #failure} comes. */
  int pollsBeforeFailure;

  /** The number of records that consumers were given. */
  long given;

  public TopicInMemory(String name, int partitions) {
    this.name = name;
    for (int partition = 0; partition < partitions; partition++) {
      records.put(partition, new ArrayList<>());
    }
  }

  /** Makes it another topic of the same name. */
  void makeAnew() {
    records.values().forEach(List::clear);
  }

  void delete() {
    records.clear();
  }

  /** Removes the oldest records of a partition, as retention does. */
  void removeBefore(int partition, long offset) {
    removed.put(partition, offset);
  }

  void add(int partition, Instant at, Headers headers, byte @Nullable [] value) {
    List<ConsumerRecord<byte[], byte[]>> log = records.get(partition);
    log.add(
        new ConsumerRecord<>(
            name,
            partition,
            log.size(),
            at.toEpochMilli(),
            TimestampType.CREATE_TIME,
            0,
            0,
            null,
            value,
            headers,
            Optional.empty()));
  }

  /** A rejected message, as docs/reference/formats.md describes it. */
  public void reject(
      int partition, Instant at, long offset, int index, byte @Nullable [] original) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("reason", "not_json".getBytes(UTF_8));
    headers.add("detail", "at %s".formatted(at).getBytes(UTF_8));
    headers.add("topic", "events".getBytes(UTF_8));
    headers.add("partition", "2".getBytes(UTF_8));
    headers.add("offset", Long.toString(offset).getBytes(UTF_8));
    if (index != 0) {
      headers.add("index", Integer.toString(index).getBytes(UTF_8));
    }
    add(partition, at, headers, original);
  }

  /** A dropped copy. */
  void drop(int partition, Instant at, String json) {
    add(partition, at, new RecordHeaders(), json.getBytes(UTF_8));
  }

  public Consumer<byte[], byte[]> consumer() {
    return new Reader();
  }

  private final class Reader extends MockConsumer<byte[], byte[]> {
    Reader() {
      super("none");
    }

    private void requireBroker() {
      if (failure != null && pollsBeforeFailure == 0) {
        throw failure;
      }
    }

    @Override
    public synchronized List<PartitionInfo> partitionsFor(String topic) {
      requireBroker();
      return records.keySet().stream()
          .map(at -> new PartitionInfo(topic, at, Node.noNode(), new Node[0], new Node[0]))
          .toList();
    }

    @Override
    public synchronized Map<TopicPartition, Long> endOffsets(
        java.util.Collection<TopicPartition> partitions) {
      Map<TopicPartition, Long> ends = new HashMap<>();
      partitions.forEach(at -> ends.put(at, (long) records.get(at.partition()).size()));
      return ends;
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> times) {
      Map<TopicPartition, OffsetAndTimestamp> found = new HashMap<>();
      times.forEach(
          (at, millis) ->
              found.put(
                  at,
                  records.get(at.partition()).stream()
                      .filter(record -> record.timestamp() >= millis)
                      .findFirst()
                      .map(record -> new OffsetAndTimestamp(record.offset(), record.timestamp()))
                      .orElse(null)));
      return found;
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
      requireBroker();
      pollsBeforeFailure = Math.max(0, pollsBeforeFailure - 1);
      for (TopicPartition at : assignment()) {
        long begin = removed.getOrDefault(at.partition(), 0L);
        updateBeginningOffsets(Map.of(at, begin));
        long position = Math.max(position(at), begin);
        List<ConsumerRecord<byte[], byte[]>> log = records.get(at.partition());
        log.stream().skip(position).limit(RECORDS_A_POLL).forEach(this::addRecord);
      }
      ConsumerRecords<byte[], byte[]> polled = super.poll(timeout);
      given += polled.count();
      return polled;
    }
  }
}
