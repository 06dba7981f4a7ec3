package io.nova.kafka.source;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the consumer of one subtask has read. Its position passes transaction markers and aborted
 * records, which it does not return. So it may lie after the last record, where a restart can go on
 * even when retention has taken everything before it.
 *
 * <p>Any thread.
 */
final class ConsumedPositions {
  private final ConcurrentMap<TopicPartition, Position> positions = new ConcurrentHashMap<>();

  /**
   * @param afterRecord the offset after the last record that the consumer returned, 0 before one
   * @param next the offset that the consumer reads next
   */
  private record Position(long afterRecord, long next) {}

  /** Notes one answer of the consumer. */
  void note(ConsumerRecords<byte[], byte[]> answer) {
    answer
        .nextOffsets()
        .forEach(
            (partition, next) ->
                positions.merge(
                    partition,
                    new Position(afterRecord(answer.records(partition)), next.offset()),
                    (before, now) ->
                        new Position(Math.max(before.afterRecord, now.afterRecord), now.next)));
  }

  private static long afterRecord(List<ConsumerRecord<byte[], byte[]>> records) {
    return records.isEmpty() ? 0 : records.get(records.size() - 1).offset() + 1;
  }

  /**
   * The offset to go on from.
   *
   * @param handled the offset after the last record that the job has handled. The consumer's
   *     position counts only if the job has handled all records that the consumer returned
   */
  long after(TopicPartition partition, long handled) {
    Position position = positions.get(partition);
    return position == null || position.afterRecord > handled
        ? handled
        : Math.max(handled, position.next);
  }
}
