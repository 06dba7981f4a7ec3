package io.nova.job.handoff;

import io.nova.handoff.BatchAnswer;
import io.nova.handoff.BatchNumbers;
import io.nova.handoff.BatchRecord;
import io.nova.handoff.CloseJudge;
import io.nova.handoff.Handoff;
import io.nova.handoff.HandoffState;
import io.nova.handoff.HeldClose;
import io.nova.handoff.OpenRequest;
import io.nova.handoff.PartitionState;
import io.nova.handoff.PartitionStates;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.iceberg.commit.HandoffProperties;
import io.nova.job.ClassLoaderCleanup;
import io.nova.job.metrics.NovaMetrics;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.batches.BatchTopic;
import io.nova.kafka.batches.KafkaBatchTopic;
import io.nova.metric.NovaMetric;
import java.io.Serial;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * The operator that decides when batches close ({@link Handoff}). It receives the progress of the
 * partitions, and reads the topic {@code batches} on a thread of its own. The position in that
 * topic is state. It runs with parallelism 1.
 *
 * <p>Closes are judged when a checkpoint begins, since all partitions' progress is exact then.
 * Refusals go out when that checkpoint is complete.
 */
final class HandoffOperator extends AbstractStreamOperator<BatchOrder>
    implements OneInputStreamOperator<PartitionProgress, BatchOrder>,
        BatchTopic.Reader,
        Handoff.Orders {
  @Serial private static final long serialVersionUID = 1;

  private static final long NO_BATCH = -1;
  private static final int NO_PARTITION = -1;

  private final NovaSettings settings;
  private final BatchTopic topic;
  private final OutputTag<BatchAnswer> answers;
  private final MailboxExecutor mailbox;
  private transient ListState<byte[]> state;
  private transient Optional<HandoffState> restored;
  private transient Handoff handoff;
  private transient String topicId;
  private transient BatchTopic.@Nullable Reading reading;
  private transient volatile long closedBatch;
  private transient volatile long heldByPartition;
  private transient volatile long heldBatch;
  private transient HeldCloseAlarm alarm;

  HandoffOperator(
      StreamOperatorParameters<BatchOrder> parameters,
      NovaSettings settings,
      BatchTopic topic,
      OutputTag<BatchAnswer> answers) {
    super(parameters);
    this.settings = settings;
    this.topic = topic;
    this.answers = answers;
    this.mailbox = parameters.getMailboxExecutor();
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "handoff", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    restored = Optional.empty();
    for (byte[] stored : state.get()) {
      restored = Optional.of(HandoffState.read(stored));
    }
  }

  @Override
  public void open() throws Exception {
    super.open();
    ClassLoaderCleanup.endWith(getRuntimeContext());
    HandoffProperties table =
        HandoffProperties.of(
            EventTable.find(settings.catalog()).orElseThrow().iceberg().properties());
    topicId = topic.id();
    HandoffState begin = stateOnTopic(table);
    handoff =
        new Handoff(
            new CloseJudge(
                settings.topic(),
                settings.batchLength(),
                settings.handoff().closeDelay(),
                InstantSource.system()),
            new PartitionStates(
                settings.partitions(), settings.handoff().retired(), progressOf(begin)),
            begin,
            this);
    alarm = new HeldCloseAlarm(settings.topic(), settings.batchLength());
    noteFigures();
    NovaMetrics metrics = new NovaMetrics(getMetricGroup());
    metrics.gauge(NovaMetric.CLOSED_BATCH, () -> closedBatch);
    metrics.gauge(NovaMetric.CLOSE_HELD_BY, () -> heldByPartition);
    metrics.gauge(NovaMetric.CLOSE_HELD_BATCH, () -> heldBatch);
    reading = topic.read(begin.position(), this);
  }

  /** The state that goes on in the topic as it is now. State and table must know this topic. */
  private HandoffState stateOnTopic(HandoffProperties table) {
    Stream.concat(restored.map(HandoffState::topicId).stream(), Stream.ofNullable(table.topicId()))
        .forEach(
            known ->
                KafkaBatchTopic.mustBeKnown(
                    settings.handoff().topic(),
                    topicId,
                    known,
                    settings.handoff().acceptedTopicId()));
    return restored
        .map(before -> topicId.equals(before.topicId()) ? before : before.onTopic(topicId))
        .orElse(HandoffState.first(topicId));
  }

  private List<PartitionState> progressOf(HandoffState begin) {
    return begin.partitions().stream()
        .map(partition -> partition.notAfter(settings.progressNotAfterMicros()))
        .toList();
  }

  @Override
  public void processElement(StreamRecord<PartitionProgress> element) {
    PartitionProgress progress = element.getValue();
    handoff.partitions().read(progress.partition, progress.uploadMicros, progress.offset);
    noteFigures();
  }

  @Override
  public void records(List<BatchRecord> read) {
    mailbox.execute(() -> read.forEach(this::read), "read requests");
  }

  private void read(BatchRecord record) {
    handoff.read(record, System.currentTimeMillis());
  }

  @Override
  public void caughtUp() {
    mailbox.execute(handoff::begin, "begin the handoff");
  }

  @Override
  public void empty(Set<Integer> partitions) {
    mailbox.execute(() -> handoff.partitions().empty(partitions), "note empty partitions");
  }

  @Override
  public void failed(RuntimeException cause) {
    mailbox.execute(
        () -> {
          throw cause;
        },
        "fail with the reader of the requests");
  }

  @Override
  public void closeUpTo(long batch, String by) {
    HaltPoint.CLOSE.reached();
    output.collect(new StreamRecord<>(BatchOrder.close(batch, by)));
  }

  @Override
  public void apply(OpenRequest request) {
    output.collect(new StreamRecord<>(BatchOrder.apply(request, topicId)));
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    long nowMs = System.currentTimeMillis();
    handoff.judge(nowMs);
    noteFigures();
    alarm.note(handoff.held(), nowMs).ifPresent(LOG::warn);
  }

  private void noteFigures() {
    long closed = handoff.closed();
    closedBatch = closed == BatchNumbers.NONE ? NO_BATCH : closed;
    Optional<HeldClose> held = handoff.held();
    heldByPartition = held.map(HeldClose::partition).orElse(NO_PARTITION);
    heldBatch = held.map(HeldClose::batch).orElse(NO_BATCH);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.of(handoff.snapshot(context.getCheckpointId()).write()));
  }

  @Override
  public void notifyCheckpointComplete(long checkpointId) throws Exception {
    super.notifyCheckpointComplete(checkpointId);
    handoff
        .complete(checkpointId)
        .forEach(answer -> output.collect(answers, new StreamRecord<>(answer)));
  }

  @Override
  public void close() throws Exception {
    if (reading != null) {
      Objects.requireNonNull(reading).close();
    }
    super.close();
  }
}
