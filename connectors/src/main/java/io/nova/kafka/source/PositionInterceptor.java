package io.nova.kafka.source;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Notes the consumer's positions and the times of its records, and prepares the records. Kafka
 * makes it, and gives it the consumer's settings.
 *
 * <p>The thread that polls. While a record is prepared, the consumer does not poll.
 */
public final class PositionInterceptor implements ConsumerInterceptor<byte[], byte[]> {
  /** The setting that has the {@link ConsumedPositions} of the consumer. */
  static final String POSITIONS = "nova.positions";

  /** The setting that has the {@link ReadTimes} of the consumer. */
  static final String TIMES = "nova.read-times";

  /** The setting that has the {@link ReadAhead} of the records, if they are prepared. */
  static final String READ_AHEAD = "nova.read-ahead";

  private @Nullable ConsumedPositions positions;
  private @Nullable ReadTimes times;
  private @Nullable ReadAhead readAhead;

  public PositionInterceptor() {}

  @Override
  public void configure(Map<String, ?> settings) {
    positions = (ConsumedPositions) settings.get(POSITIONS);
    times = (ReadTimes) settings.get(TIMES);
    readAhead = (ReadAhead) settings.get(READ_AHEAD);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    Objects.requireNonNull(positions).note(records);
    Objects.requireNonNull(times).note(records, System.nanoTime());
    if (readAhead != null) {
      for (ConsumerRecord<byte[], byte @Nullable []> record : records) {
        if (record.value() != null) {
          readAhead.prepare(record.value());
        }
      }
    }
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
