package io.nova.kafka.source;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * The greatest time of the records that the consumer of one subtask has returned, by partition. So
 * one record with a wrong timestamp does not move a partition back.
 *
 * <p>Any thread.
 */
final class ReadTimes {
  private final ConcurrentMap<TopicPartition, ReadTime> times = new ConcurrentHashMap<>();
  private volatile long latestNanos = System.nanoTime();

  /**
   * How far a partition has been read.
   *
   * @param recordMs the greatest timestamp of its records, milliseconds since 1970
   * @param readNanos when the consumer returned the last one, by {@link System#nanoTime}
   */
  record ReadTime(long recordMs, long readNanos) {}

  /** Notes one answer of the consumer. A record without a timestamp (-1) changes nothing. */
  void note(ConsumerRecords<byte[], byte[]> answer, long nowNanos) {
    for (TopicPartition partition : answer.partitions()) {
      long recordMs =
          answer.records(partition).stream().mapToLong(ConsumerRecord::timestamp).max().orElse(-1);
      if (recordMs >= 0) {
        times.merge(
            partition,
            new ReadTime(recordMs, nowNanos),
            (before, now) -> new ReadTime(Math.max(before.recordMs, now.recordMs), nowNanos));
      }
    }
    latestNanos = nowNanos;
  }

  /** When the consumer answered last, by {@link System#nanoTime}. */
  long latestNanos() {
    return latestNanos;
  }

  /** The partitions that have returned a record. */
  Map<TopicPartition, ReadTime> byPartition() {
    return Map.copyOf(times);
  }
}
