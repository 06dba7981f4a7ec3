package io.nova.workload.topic;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.workload.topic.TopicRecords.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class RecordCursorTest {
  private static final TopicPartition FIRST = new TopicPartition("t", 0);
  private static final TopicPartition EMPTY = new TopicPartition("t", 1);
  private static final TopicPartition LAST = new TopicPartition("t", 2);

  private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("none");

  @Test
  void recordsOfEachPartitionUpToItsEndAreReadAndNoLaterOnes() {
    kafka.updateBeginningOffsets(Map.of(FIRST, 0L, LAST, 0L));
    kafka.schedulePollTask(() -> add(FIRST, 3, 4, 5));
    kafka.schedulePollTask(() -> add(LAST, 0));

    List<String> read = new ArrayList<>();
    try (RecordCursor cursor =
        new RecordCursor(
            kafka, List.of(new Span(FIRST, 3, 5), new Span(EMPTY, 7, 7), new Span(LAST, 0, 1)))) {
      cursor.forEachRemaining(record -> read.add(record.partition() + ":" + record.offset()));
    }

    assertThat(read).containsExactly("0:3", "0:4", "2:0");
    assertThat(kafka.closed()).isTrue();
  }

  private void add(TopicPartition partition, long... offsets) {
    for (long offset : offsets) {
      kafka.addRecord(
          new ConsumerRecord<byte[], byte[]>(
              partition.topic(), partition.partition(), offset, null, new byte[0]));
    }
  }
}
