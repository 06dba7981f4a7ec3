package io.nova.kafka.source;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.kafka.common.Uuid;

/**
 * A reader of Flink's Kafka connector that checks each partition before it reads it. Its state
 * names the topic's id, and for every partition the offset to go on from.
 *
 * <p>One thread, the task's.
 *
 * @param <T> type of the elements
 */
final class EventSourceReader<T> implements SourceReader<T, KafkaPartitionSplit> {
  private final SourceReader<T, KafkaPartitionSplit> reader;
  private final ConsumedPositions positions;
  private final SplitCheck check;
  private final Supplier<TopicState> topic;
  private Uuid topicId = Uuid.ZERO_UUID;

  /**
   * A reader around the connector's.
   *
   * @param positions where the consumer of that reader has read to
   * @param topic asks the brokers
   */
  EventSourceReader(
      SourceReader<T, KafkaPartitionSplit> reader,
      ConsumedPositions positions,
      SplitCheck check,
      Supplier<TopicState> topic) {
    this.reader = reader;
    this.positions = positions;
    this.check = check;
    this.topic = topic;
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
    reader.handleSourceEvents(event);
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
    reader.close();
  }
}
