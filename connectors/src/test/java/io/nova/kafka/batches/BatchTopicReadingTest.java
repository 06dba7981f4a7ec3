package io.nova.kafka.batches;

import static org.assertj.core.api.Assertions.assertThat;

import io.nova.handoff.BatchRecord;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.internals.AutoOffsetResetStrategy;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BatchTopicReadingTest {
  private static final TopicPartition BATCHES = new TopicPartition("batches", 0);

  private final MockConsumer<byte[], byte[]> consumer =
      new MockConsumer<>(AutoOffsetResetStrategy.NONE.name());
  private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

  private final BatchTopic.Reader reader =
      new BatchTopic.Reader() {
        @Override
        public void records(List<BatchRecord> read) {
          read.forEach(record -> heard.add(record.offset() + " " + record.kind()));
        }

        @Override
        public void caughtUp() {
          heard.add("caught up");
        }

        @Override
        public void empty(Set<Integer> partitions) {
          heard.add(partitions);
        }

        @Override
        public void failed(RuntimeException cause) {
          heard.add(String.valueOf(cause.getMessage()));
        }
      };

  private void topic(long start, long end) {
    consumer.updateBeginningOffsets(Map.of(BATCHES, start, event(0), 5L, event(1), 7L));
    consumer.updateEndOffsets(Map.of(BATCHES, end, event(0), 9L, event(1), 7L));
    Node broker = new Node(0, "h", 1);
    Node[] brokers = {broker};
    consumer.updatePartitions(
        "events",
        List.of(
            new PartitionInfo("events", 0, broker, brokers, brokers),
            new PartitionInfo("events", 1, broker, brokers, brokers)));
  }

  private static TopicPartition event(int partition) {
    return new TopicPartition("events", partition);
  }

  private void append(long offset) {
    RecordHeaders headers = new RecordHeaders();
    headers.add(BatchRecord.KIND, "request".getBytes(StandardCharsets.UTF_8));
    consumer.addRecord(
        new ConsumerRecord<>(
            "batches",
            0,
            offset,
            0,
            TimestampType.CREATE_TIME,
            0,
            0,
            new byte[0],
            new byte[0],
            headers,
            Optional.empty()));
  }

  private BatchTopicReading readAfter(long position) {
    BatchTopicReading reading =
        new BatchTopicReading("batches", "events", position, () -> consumer, reader);
    reading.start();
    return reading;
  }

  private Object next() throws InterruptedException {
    return heard.poll(Duration.ofSeconds(30).toSeconds(), TimeUnit.SECONDS);
  }

  @Test
  void everythingUpToTheEndIsReadBeforeItSaysSo() throws Exception {
    topic(0, 3);
    consumer.schedulePollTask(() -> append(1));
    consumer.schedulePollTask(() -> append(2));
    consumer.schedulePollTask(() -> append(3));
    try (BatchTopicReading reading = readAfter(0)) {
      assertThat(next()).isEqualTo(Set.of(1));
      assertThat(next()).isEqualTo("1 request");
      assertThat(next()).isEqualTo("2 request");
      assertThat(next()).isEqualTo("caught up");
      assertThat(next()).isEqualTo("3 request");
    }
  }

  @Test
  void requestsThatAreGoneEndTheJob() throws Exception {
    topic(5, 9);
    try (BatchTopicReading reading = readAfter(2)) {
      assertThat(next())
          .asString()
          .contains("Topic batches: it begins at offset 5, and the state goes on at 3.");
    }
  }

  @Test
  void aTopicThatEndsBeforeThePositionFailsTheJob() throws Exception {
    topic(0, 2);
    try (BatchTopicReading reading = readAfter(2)) {
      assertThat(next())
          .asString()
          .contains("Topic batches: it ends at offset 2, and the state goes on at 3.");
    }
  }
}
