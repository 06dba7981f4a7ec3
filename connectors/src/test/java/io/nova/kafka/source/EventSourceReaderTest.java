package io.nova.kafka.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.flink.core.io.InputStatus;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the source stores, with a reader in memory in place of the connector's. */
class EventSourceReaderTest {
  private static final TopicPartition PARTITION = new TopicPartition("events", 0);
  private static final Uuid ID = new Uuid(1, 2);

  private final ConsumedPositions positions = new ConsumedPositions();
  private final PositionInterceptor consumer = new PositionInterceptor();
  private final ReadTimes times = new ReadTimes();
  private final List<SourceEvent> told = new ArrayList<>();
  private final ReaderInMemory inner = new ReaderInMemory();
  private TopicState topic = new TopicState(ID, Map.of(0, 0L), Map.of(0, 120L));
  private final EventSourceReader<String> reader = around(inner);

  EventSourceReaderTest() {
    consumer.configure(
        Map.of(PositionInterceptor.POSITIONS, positions, PositionInterceptor.TIMES, times));
  }

  private EventSourceReader<String> around(ReaderInMemory connector) {
    return new EventSourceReader<>(
        connector,
        positions,
        new SplitCheck("events", AcceptedGaps.NONE),
        () -> topic,
        new Alignment(Duration.ofMinutes(30), times),
        times,
        told::add,
        () -> connector.changes.add("stop waiting"));
  }

  /** Has one split, whose offset the test sets as records are handled. */
  private static final class ReaderInMemory implements SourceReader<String, KafkaPartitionSplit> {
    private final List<KafkaPartitionSplit> splits = new ArrayList<>();
    private final List<String> changes = new ArrayList<>();

    @Override
    public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
      changes.add("paused " + toPause + ", resumed " + toResume);
    }

    void handledUpTo(long offset) {
      splits.set(0, new KafkaPartitionSplit(PARTITION, offset));
    }

    @Override
    public void start() {}

    @Override
    public InputStatus pollNext(ReaderOutput<String> output) {
      return InputStatus.NOTHING_AVAILABLE;
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
      return List.copyOf(splits);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public void addSplits(List<KafkaPartitionSplit> added) {
      splits.addAll(added);
    }

    @Override
    public void notifyNoMoreSplits() {}

    @Override
    public void close() {
      changes.add("closed");
    }
  }

  private void poll(long first, long last, long next) {
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (long offset = first; offset <= last; offset++) {
      byte[] value = "{}".getBytes(StandardCharsets.UTF_8);
      records.add(new ConsumerRecord<>("events", 0, offset, value, value));
    }
    ConsumerRecords<byte[], byte[]> unused =
        consumer.onConsume(
            new ConsumerRecords<>(
                records.isEmpty() ? Map.of() : Map.of(PARTITION, records),
                Map.of(PARTITION, new OffsetAndMetadata(next))));
  }

  private KafkaPartitionSplit stored() throws IOException {
    TopicSplitSerializer serializer = new TopicSplitSerializer();
    return serializer.deserialize(
        serializer.getVersion(), serializer.serialize(reader.snapshotState(1).get(0)));
  }

  private void start(long offset) {
    reader.addSplits(List.of(new KafkaPartitionSplit(PARTITION, offset)));
  }

  @Test
  void waitingEndsBeforeTheReaderCloses() throws Exception {
    reader.close();

    assertThat(inner.changes).containsExactly("stop waiting", "closed");
  }

  /** Such as its schema from a registry that is away. A checkpoint has the offset of the record. */
  @Test
  @Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whileTheConsumerPreparesARecordTheTaskGoesOn() throws Exception {
    CountDownLatch preparing = new CountDownLatch(1);
    CountDownLatch ready = new CountDownLatch(1);
    start(0);
    poll(0, 9, 10);
    inner.handledUpTo(10);
    consumer.configure(
        Map.of(
            PositionInterceptor.POSITIONS,
            positions,
            PositionInterceptor.TIMES,
            times,
            PositionInterceptor.READ_AHEAD,
            waitingFor(preparing, ready)));
    Thread polling = new Thread(() -> poll(10, 19, 21));
    polling.start();
    preparing.await();

    assertThat(stored().getStartingOffset()).isEqualTo(10);
    assertThat(polling.isAlive()).isTrue();
    ready.countDown();
    polling.join();
    inner.handledUpTo(20);
    assertThat(stored().getStartingOffset()).isEqualTo(21);
  }

  private static ReadAhead waitingFor(CountDownLatch preparing, CountDownLatch ready) {
    return new ReadAhead() {
      @Override
      public boolean prepares() {
        return true;
      }

      @Override
      public void prepare(byte[] value) {
        preparing.countDown();
        try {
          ready.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }

      @Override
      public void stopWaiting() {}
    };
  }

  @Test
  void theOffsetPassesTheMarkerAfterTheLastRecord() throws IOException {
    start(0);
    poll(0, 99, 101);
    inner.handledUpTo(100);

    assertThat(stored().getStartingOffset()).isEqualTo(101);
  }

  @Test
  void theOffsetPassesAnAbortedTransactionBeforeAnyRecord() throws IOException {
    start(40);
    poll(1, 0, 57);

    assertThat(stored().getStartingOffset()).isEqualTo(57);
  }

  @Test
  void theOffsetPassesNoRecordThatWasNotHandled() throws IOException {
    start(0);
    poll(0, 99, 101);
    inner.handledUpTo(99);
    assertThat(stored().getStartingOffset()).isEqualTo(99);

    poll(1, 0, 120);
    assertThat(stored().getStartingOffset()).isEqualTo(99);

    inner.handledUpTo(100);
    assertThat(stored().getStartingOffset()).isEqualTo(120);
  }

  @Test
  void anUnreadPartitionIsStoredWithAnOffset() throws IOException {
    start(KafkaPartitionSplit.EARLIEST_OFFSET);

    assertThat(stored().getStartingOffset()).isZero();
  }

  @Test
  void aStoredPartitionFailsOnAnotherTopicOfTheName() throws IOException {
    start(5);
    KafkaPartitionSplit stored = stored();
    topic = new TopicState(new Uuid(7, 7), Map.of(0, 0L), Map.of(0, 9L));

    assertThatExceptionOfType(UnreadableTopicException.class)
        .isThrownBy(() -> around(new ReaderInMemory()).addSplits(List.of(stored)))
        .withMessageContaining("found id " + topic.id());
    assertThatExceptionOfType(UnreadableTopicException.class)
        .as("also for a partition that is added to a running reader")
        .isThrownBy(() -> start(0));
  }

  @Test
  void aPartitionThatTheConnectorStoredIsRead() throws IOException {
    KafkaPartitionSplit split = new KafkaPartitionSplit(PARTITION, 12);
    byte[] bytes = new KafkaPartitionSplitSerializer().serialize(split);

    assertThat(new TopicSplitSerializer().deserialize(0, bytes)).isEqualTo(split);
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> new TopicSplitSerializer().deserialize(2, bytes))
        .withMessageContaining("version 2 found, 1 expected");
  }

  @Test
  void partitionThatIsTooFarAheadWaitsUntilTheSlowestHasFollowed() {
    long hour = Duration.ofHours(1).toMillis();
    long yesterday = System.currentTimeMillis() - 24 * hour;
    times.note(ReadRecord.of(PARTITION, yesterday + hour), System.nanoTime());

    reader.handleSourceEvents(new Slowest(yesterday, yesterday + 24 * hour));
    reader.handleSourceEvents(new Slowest(yesterday, yesterday + 24 * hour));
    reader.handleSourceEvents(new Slowest(yesterday + hour, yesterday + 24 * hour));

    assertThat(inner.changes)
        .containsExactly("paused [events-0], resumed []", "paused [], resumed [events-0]");
    assertThat(told).containsOnly(new ReadTo(yesterday + hour)).hasSize(3);
  }

  @Test
  void readerTellsOnceASecondHowFarItHasRead() throws Exception {
    long start = System.nanoTime();
    for (int tenth = 1; tenth <= 25; tenth++) {
      times.note(ReadRecord.of(PARTITION, tenth), start + tenth * 100_000_000L);
      reader.pollNext(null);
    }

    assertThat(told).hasSize(2);
    reader.pollNext(null);
    assertThat(told).as("nothing was read since").hasSize(2);
  }
}
