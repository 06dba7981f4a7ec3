package io.nova.kafka.source;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * The time of the last record that the consumer of one subtask has returned, by partition.
 *
 * <p>Any thread.
 */
final class ReadTimes {
  private final ConcurrentMap<TopicPartition, ReadTime> times = new ConcurrentHashMap<>();

  /**
   * A partition's last record.
   *
   * @param recordMs its timestamp, milliseconds since 1970
   * @param readNanos when the consumer returned it, by {@link System#nanoTime}
   */
  record ReadTime(long recordMs, long readNanos) {}

  /** Notes one answer of the consumer. A record without a timestamp (-1) changes nothing. */
  void note(ConsumerRecords<byte[], byte[]> answer, long nowNanos) {
    for (TopicPartition partition : answer.partitions()) {
      List<ConsumerRecord<byte[], byte[]>> records = answer.records(partition);
      long recordMs = records.get(records.size() - 1).timestamp();
      if (recordMs >= 0) {
        times.put(partition, new ReadTime(recordMs, nowNanos));
      }
    }
  }

  /** The partitions that have returned a record. */
  Map<TopicPartition, ReadTime> byPartition() {
    return Map.copyOf(times);
  }
}
