package io.nova.job.intake;

import io.nova.event.Micros;
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
import io.nova.kafka.UploadProgress;
import io.nova.shard.Offer;
import java.io.Serial;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
 * rejected messages to the rejected topic. It also sends the progress of each partition to all
 * shards.
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
  private transient Tally tally;
  private transient OutcomeCounters figures;
  private transient ListState<byte[]> state;
  private transient ListState<String> appsState;
  private transient CountedApps apps;
  private transient Map<Integer, Progress> progress;

  /** The progress of a partition, and the progress that was sent to the shards. */
  private static final class Progress {
    private final UploadProgress upload = new UploadProgress();
    private long offset = -1;
    private long sentInterval = Micros.UNKNOWN;
    private long sentOffset = -1;
  }

  public Intake(
      NovaSettings settings, OutputTag<Rejected> rejected, OutputTag<TallyReport> tallies) {
    this.settings = settings;
    this.rejected = rejected;
    this.tallies = tallies;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    tally = new Tally();
    figures = new OutcomeCounters();
    progress = new HashMap<>();
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
    figures.received();
    String app = apps.of(received.app);
    tally.of(app).received++;
    if (received.event != null) {
      received.event.countedAs = app;
      offer(received.shard, received.event);
    } else {
      reject(app, Objects.requireNonNull(received.rejected));
    }
  }

  private void offer(int shard, Offer event) {
    Progress of = progress(event.partition, event.offset);
    of.upload.read(event.uploadMicros);
    output.collect(new StreamRecord<>(ShardMessage.of(shard, event)));
  }

  private Progress progress(int partition, long offset) {
    Progress of = progress.computeIfAbsent(partition, p -> new Progress());
    of.offset = offset;
    return of;
  }

  private void reject(String app, Rejected message) {
    progress(message.partition, message.offset);
    figures.rejected(message.reason);
    tally.rejected(app, message.reason);
    output.collect(rejected, new StreamRecord<>(message));
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    progress.forEach(
        (partition, reached) -> {
          if (interval(reached) > reached.sentInterval) {
            sendProgress(partition, reached);
          }
        });
    super.processWatermark(mark);
  }

  private long interval(Progress reached) {
    long uploadMicros = reached.upload.reachedMicros();
    return uploadMicros == Micros.UNKNOWN
        ? Micros.UNKNOWN
        : settings.blockRules().intervalOf(uploadMicros);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) {
    progress.forEach(
        (partition, reached) -> {
          if (reached.offset > reached.sentOffset) {
            sendProgress(partition, reached);
          }
        });
    output.collect(tallies, new StreamRecord<>(TallyReport.of(checkpointId, tally)));
  }

  private void sendProgress(int partition, Progress reached) {
    reached.sentInterval = interval(reached);
    reached.sentOffset = reached.offset;
    PartitionProgress sent =
        PartitionProgress.of(partition, reached.upload.reachedMicros(), reached.offset);
    for (int shard = 0; shard < settings.shards(); shard++) {
      output.collect(new StreamRecord<>(ShardMessage.of(shard, sent)));
    }
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    super.snapshotState(context);
    state.update(List.of(TallyCodec.write(tally)));
    appsState.update(List.copyOf(tally.byApp().keySet()));
  }
}
