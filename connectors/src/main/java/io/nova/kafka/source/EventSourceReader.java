package io.nova.kafka.source;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * A reader of Flink's Kafka connector that checks each partition before it reads it. Its state
 * names the topic's id, and for every partition the offset to go on from. It lets partitions wait
 * for slower ones while they catch up. It tells the enumerator once a second how far they have
 * read.
 *
 * <p>One thread, the task's.
 *
 * @param <T> type of the elements
 */
final class EventSourceReader<T> implements SourceReader<T, KafkaPartitionSplit> {
  private static final Duration PERIOD = Duration.ofSeconds(1);

  private final SourceReader<T, KafkaPartitionSplit> reader;
  private final ConsumedPositions positions;
  private final SplitCheck check;
  private final Supplier<TopicState> topic;
  private final Alignment alignment;
  private final ReadTimes times;
  private final Consumer<SourceEvent> enumerator;
  private final Runnable stopWaiting;
  private long toldNanos = System.nanoTime();
  private Uuid topicId = Uuid.ZERO_UUID;

  /**
   * A reader around the connector's.
   *
   * @param positions where the consumer of that reader has read to
   * @param topic asks the brokers
   * @param alignment decides which partitions wait
   * @param times how far the consumer has read
   * @param enumerator takes what the reader tells the enumerator
   * @param stopWaiting ends what the reader's threads wait for, before it closes
   */
  EventSourceReader(
      SourceReader<T, KafkaPartitionSplit> reader,
      ConsumedPositions positions,
      SplitCheck check,
      Supplier<TopicState> topic,
      Alignment alignment,
      ReadTimes times,
      Consumer<SourceEvent> enumerator,
      Runnable stopWaiting) {
    this.reader = reader;
    this.positions = positions;
    this.check = check;
    this.topic = topic;
    this.alignment = alignment;
    this.times = times;
    this.enumerator = enumerator;
    this.stopWaiting = stopWaiting;
  }

  @Override
  public void addSplits(List<KafkaPartitionSplit> splits) {
    TopicState now = topic.get();
    SplitCheck.mustBeSame(check.topic(), topicId, now.id());
    List<KafkaPartitionSplit> checked = check.checked(splits, now);
    topicId = now.id();
    reader.addSplits(checked);
  }

  @Override
  public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
    return reader.snapshotState(checkpointId).stream().map(this::stored).toList();
  }

  private KafkaPartitionSplit stored(KafkaPartitionSplit split) {
    return new TopicSplit(
        split.getTopicPartition(),
        positions.after(split.getTopicPartition(), split.getStartingOffset()),
        topicId);
  }

  @Override
  public void start() {
    reader.start();
  }

  @Override
  public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
    long answered = times.latestNanos();
    if (answered - toldNanos >= PERIOD.toNanos()) {
      tell(answered);
    }
    return reader.pollNext(output);
  }

  @Override
  public CompletableFuture<Void> isAvailable() {
    return reader.isAvailable();
  }

  @Override
  public void notifyNoMoreSplits() {
    reader.notifyNoMoreSplits();
  }

  @Override
  public void handleSourceEvents(SourceEvent event) {
    if (event instanceof Slowest slowest) {
      align(slowest);
    } else {
      reader.handleSourceEvents(event);
    }
  }

  private void align(Slowest slowest) {
    long nowNanos = System.nanoTime();
    Set<TopicPartition> before = alignment.waiting();
    Set<TopicPartition> waiting = alignment.align(slowest, nowNanos);
    if (!waiting.equals(before)) {
      reader.pauseOrResumeSplits(without(waiting, before), without(before, waiting));
    }
    tell(nowNanos);
  }

  private void tell(long nowNanos) {
    toldNanos = nowNanos;
    enumerator.accept(alignment.readTo(nowNanos));
  }

  private static List<String> without(Set<TopicPartition> partitions, Set<TopicPartition> others) {
    return partitions.stream()
        .filter(partition -> !others.contains(partition))
        .map(KafkaPartitionSplit::toSplitId)
        .toList();
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    reader.notifyCheckpointComplete(checkpointId);
  }

  @Override
  public void notifyCheckpointAborted(long checkpointId) throws Exception {
    reader.notifyCheckpointAborted(checkpointId);
  }

  @Override
  public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
    reader.pauseOrResumeSplits(toPause, toResume);
  }

  @Override
  public void close() throws Exception {
    stopWaiting.run();
    reader.close();
  }
}
