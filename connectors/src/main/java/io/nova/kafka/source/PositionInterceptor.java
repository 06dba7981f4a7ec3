package io.nova.kafka.source;

import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerInterceptor;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Notes the consumer's positions and the times of its records. Kafka makes it, and gives it the
 * consumer's settings.
 */
public final class PositionInterceptor implements ConsumerInterceptor<byte[], byte[]> {
  /** The setting that has the {@link ConsumedPositions} of the consumer. */
  static final String POSITIONS = "nova.positions";

  /** The setting that has the {@link ReadTimes} of the consumer. */
  static final String TIMES = "nova.read-times";

  private @Nullable ConsumedPositions positions;
  private @Nullable ReadTimes times;

  public PositionInterceptor() {}

  @Override
  public void configure(Map<String, ?> settings) {
    positions = (ConsumedPositions) settings.get(POSITIONS);
    times = (ReadTimes) settings.get(TIMES);
  }

  @Override
  public ConsumerRecords<byte[], byte[]> onConsume(ConsumerRecords<byte[], byte[]> records) {
    Objects.requireNonNull(positions).note(records);
    Objects.requireNonNull(times).note(records, System.nanoTime());
    return records;
  }

  @Override
  public void onCommit(Map<TopicPartition, OffsetAndMetadata> offsets) {}

  @Override
  public void close() {}
}
