package io.nova.job.intake;

import io.nova.event.RejectReason;
import io.nova.event.Tally;
import io.nova.job.metrics.NovaMetrics;
import io.nova.job.metrics.OutcomeCounters;
import io.nova.job.metrics.TallyCodec;
import io.nova.job.metrics.TallyReport;
import io.nova.job.options.NovaSettings;
import io.nova.kafka.PartitionProgress;
import io.nova.kafka.Received;
import io.nova.kafka.Rejected;
import io.nova.kafka.ShardMessage;
import io.nova.shard.Offer;
import java.io.Serial;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * The operator after the source: counts received messages, and sends events to their shards and
 * rejected messages to the rejected topic. An event carries the progress of its partition before
 * it. The progress of each partition also goes to all shards and to the handoff.
 *
 * <p>Progress takes the same edges as the events, so it never overtakes them. It is sent at a
 * watermark if it has reached another block interval. It is also sent before a checkpoint if
 * anything was read, so a restored shard knows exactly how far each partition has been read.
 *
 * <p>It also decides which app each message counts as ({@link CountedApps}).
 */
public final class Intake extends AbstractStreamOperator<ShardMessage>
    implements OneInputStreamOperator<Received, ShardMessage> {
  @Serial private static final long serialVersionUID = 1;

  private static final List<RejectReason> REASONS =
      List.copyOf(
          EnumSet.range(RejectReason.NULL_VALUE, RejectReason.IDENTITY_INVALID).stream().toList());

  private final NovaSettings settings;
  private final OutputTag<Rejected> rejected;
  private final OutputTag<TallyReport> tallies;
  private final OutputTag<PartitionProgress> progress;
  private transient Tally tally;
  private transient OutcomeCounters figures;
  private transient ListState<byte[]> state;
  private transient ListState<String> appsState;
  private transient CountedApps apps;
  private transient ReadPartitions partitions;

  public Intake(
      NovaSettings settings,
      OutputTag<Rejected> rejected,
      OutputTag<TallyReport> tallies,
      OutputTag<PartitionProgress> progress) {
    this.settings = settings;
    this.rejected = rejected;
    this.tallies = tallies;
    this.progress = progress;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    tally = new Tally();
    figures = new OutcomeCounters();
    state =
        context
            .getOperatorStateStore()
            .getListState(
                new ListStateDescriptor<>(
                    "received", PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO));
    for (byte[] stored : state.get()) {
      tally.add(TallyCodec.read(stored));
    }
    appsState =
        context
            .getOperatorStateStore()
            .getUnionListState(new ListStateDescriptor<>("apps", Types.STRING));
    Set<String> restored = new HashSet<>(tally.byApp().keySet());
    appsState.get().forEach(restored::add);
    apps = new CountedApps(restored);
    figures.add(tally.total());
    partitions =
        new ReadPartitions(
            context.getOperatorStateStore(),
            settings,
            getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
  }

  @Override
  public void open() throws Exception {
    super.open();
    NovaMetrics metrics = new NovaMetrics(getMetricGroup());
    metrics.received(figures);
    metrics.rejected(figures, REASONS);
    metrics.rejected(figures, List.of(RejectReason.TOO_EARLY));
  }

  @Override
  public void processElement(StreamRecord<Received> element) {
    Received received = element.getValue();
    if (received.nothing) {
      partitions.read(received.partition, received.offset);
      return;
    }
    figures.received();
    String app = apps.of(received.app);
    tally.of(app).received++;
    if (received.event != null) {
      received.event.countedAs = app;
      offer(received.shard, received.event, received.recordMicros);
    } else {
      reject(app, Objects.requireNonNull(received.rejected));
    }
  }

  private void offer(int shard, Offer event, long recordMicros) {
    partitions.stamp(event, recordMicros);
    output.collect(new StreamRecord<>(ShardMessage.of(shard, event)));
  }

  private void reject(String app, Rejected message) {
    partitions.read(message.partition, message.offset);
    figures.rejected(message.reason);
    tally.rejected(app, message.reason);
    output.collect(rejected, new StreamRecord<>(message));
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    partitions.inAnotherInterval(this::toShardsAndHandoff);
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    partitions.readSinceSent(this::toShardsAndHandoff);
    output.collect(
        tallies,
        new StreamRecord<>(TallyReport.of(checkpointId, tally).readTo(partitions.nextOffsets())));
  }

  private void toShardsAndHandoff(PartitionProgress reached) {
    for (int shard = 0; shard < settings.shards(); shard++) {
      output.collect(new StreamRecord<>(ShardMessage.of(shard, reached)));
    }
    output.collect(progress, new StreamRecord<>(reached));
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.of(TallyCodec.write(tally)));
    appsState.update(List.copyOf(tally.byApp().keySet()));
    partitions.snapshot();
  }
}
