package io.nova.sql.source;

import io.nova.iceberg.EventTable;
import io.nova.live.client.LiveClient;
import io.nova.live.cut.Cut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.ServedViews;
import io.nova.sql.source.enumerator.QueryCuts;
import io.nova.sql.source.enumerator.QueryPlan;
import io.nova.sql.source.enumerator.ScanEnumerator;
import io.nova.sql.source.enumerator.ScanPlanner;
import io.nova.sql.source.follow.FollowEnumerator;
import io.nova.sql.source.follow.FollowPlan;
import io.nova.sql.source.follow.FollowPlan.Step;
import io.nova.sql.source.follow.TailEnumerator;
import io.nova.sql.source.follow.TailParts;
import io.nova.sql.source.follow.TailPlanner;
import io.nova.sql.source.follow.TailReading;
import io.nova.sql.source.reader.FileReading;
import io.nova.sql.source.reader.PartReading;
import io.nova.sql.source.reader.ScanReader;
import io.nova.sql.source.reader.SplitProgress;
import io.nova.sql.source.reader.SplitReading;
import io.nova.sql.source.reader.ViewReading;
import io.nova.sql.source.split.Followed;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.ScanSplitSerializer;
import io.nova.sql.source.split.ScanState;
import io.nova.sql.source.split.ScanStateSerializer;
import io.nova.sql.source.split.Tail;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.DynamicParallelismInference;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The Flink source of the table's rows. When the query starts, the JobManager takes a cut, which is
 * the same for every scan of the query (see {@link QueryCuts}). A bounded source ends with it. The
 * others follow the table from there on.
 */
public final class NovaSource
    implements Source<RowData, ScanSplit, ScanState>, DynamicParallelismInference {
  private static final long serialVersionUID = 1L;

  private final Warehouse warehouse;
  private final EventScan scan;
  private final @Nullable LambdaPart lambda;
  private final @Nullable LiveAccess live;
  private final @Nullable Duration checkInterval;

  private NovaSource(
      Warehouse warehouse,
      EventScan scan,
      @Nullable LambdaPart lambda,
      @Nullable LiveAccess live,
      @Nullable Duration checkInterval) {
    this.warehouse = warehouse;
    this.scan = scan;
    this.lambda = lambda;
    this.live = live;
    this.checkInterval = checkInterval;
  }

  /** A bounded source of the committed rows. */
  public static NovaSource committed(Warehouse warehouse, EventScan scan) {
    return new NovaSource(warehouse, scan, null, null, null);
  }

  /** A bounded source of the committed rows and of the job's live views. */
  public static NovaSource live(Warehouse warehouse, EventScan scan, LiveAccess access) {
    return new NovaSource(warehouse, scan, null, access, null);
  }

  /**
   * An endless source of the committed rows and of the job's live views. A live row appears as soon
   * as a checkpoint of the job has it.
   */
  public static NovaSource followingLive(
      Warehouse warehouse, EventScan scan, LiveAccess access, Duration checkInterval) {
    return new NovaSource(warehouse, scan, null, access, checkInterval);
  }

  /** An endless source of the committed rows. */
  public static NovaSource following(Warehouse warehouse, EventScan scan, Duration checkInterval) {
    return new NovaSource(warehouse, scan, null, null, checkInterval);
  }

  /** The same source for {@code lambda_events}. It begins with the rows of completed batches. */
  public NovaSource with(LambdaPart part) {
    return new NovaSource(warehouse, scan, part, live, checkInterval);
  }

  @Override
  public Boundedness getBoundedness() {
    return checkInterval == null ? Boundedness.BOUNDED : Boundedness.CONTINUOUS_UNBOUNDED;
  }

  @Override
  public SplitEnumerator<ScanSplit, ScanState> createEnumerator(
      SplitEnumeratorContext<ScanSplit> context) {
    return restoreEnumerator(context, ScanState.NEW);
  }

  @Override
  public SplitEnumerator<ScanSplit, ScanState> restoreEnumerator(
      SplitEnumeratorContext<ScanSplit> context, ScanState state) {
    int readers = context.currentParallelism();
    QueryPlan plan =
        new QueryPlan(
            warehouse,
            scan,
            lambda,
            checkInterval == null ? Optional.ofNullable(live) : Optional.empty(),
            access -> new ServedViews(LiveClients.inJobManager(access)),
            readers,
            context.metricGroup());
    if (checkInterval == null) {
      return new ScanEnumerator(context, plan, state);
    }
    Supplier<Step> beginning = () -> firstStep(plan);
    return live != null
        ? new TailEnumerator(context, beginning, state)
        : new FollowEnumerator(
            context,
            beginning,
            new FollowPlan(() -> warehouse.table().iceberg(), scan, readers),
            checkInterval,
            state);
  }

  private static Step firstStep(QueryPlan plan) {
    try (plan) {
      Cut begun = plan.cut();
      return new Step(
          Optional.empty(),
          begun.snapshotId().map(id -> new Followed(id, begun.completed())),
          plan.splits());
    }
  }

  @Override
  public SourceReader<RowData, ScanSplit> createReader(SourceReaderContext context) {
    ReadMetrics metrics = ReadMetrics.in(context.metricGroup());
    ViewReading views =
        new ViewReading(
            scan,
            metrics,
            () -> LiveClients.inTask(live, context.getConfiguration()),
            live == null ? "" : live.cut());
    EventScan ofBatches = lambda == null ? null : lambda.scan();
    PartReading parts =
        new PartReading(
            new FileReading(scan, metrics),
            ofBatches == null ? null : new FileReading(ofBatches, metrics),
            views);
    Counter rows = scan.aggregation() == null ? metrics.rows() : new SimpleCounter();
    return new ScanReader(
        context, split -> reading(split, parts, context, metrics), rows, scan.limit());
  }

  private SplitProgress reading(
      ScanSplit split, PartReading parts, SourceReaderContext context, ReadMetrics metrics) {
    if (!split.isEndless()) {
      return new SplitReading(split, parts);
    }
    if (live == null || checkInterval == null) {
      throw new IllegalStateException(
          "The split of a live query was assigned to a reader of a committed one");
    }
    LiveClient client = LiveClients.inTask(live, context.getConfiguration());
    TailPlanner planner = new TailPlanner(warehouse.table(), scan, live, new ServedViews(client));
    return new TailReading(
        split.id(),
        (Tail) split.parts().get(0),
        planner,
        new TailParts(scan, metrics, () -> client),
        checkInterval);
  }

  @Override
  public SimpleVersionedSerializer<ScanSplit> getSplitSerializer() {
    return new ScanSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<ScanState> getEnumeratorCheckpointSerializer() {
    return new ScanStateSerializer();
  }

  /** One reader for each split of the largest size, up to Flink's bound. */
  @Override
  public int inferParallelism(Context context) {
    Integer splits =
        warehouse
            .find()
            .map(EventTable::iceberg)
            .map(table -> splits(table, ScanPlanner.committed(table, scan)))
            .orElse(1);
    return Math.max(1, Math.min(splits, context.getParallelismInferenceUpperBound()));
  }

  private int splits(Table table, Cut cut) {
    EventScan above = scan.above(cut.completed());
    int files =
        cut.snapshotId()
            .map(id -> ScanPlanner.plan(table, above, id, 1, "").splits().size())
            .orElse(0);
    return files + batchSplits(cut) + (live == null ? 0 : 1);
  }

  private int batchSplits(Cut cut) {
    EventScan ofBatches = lambda == null ? null : lambda.scan();
    if (ofBatches == null) {
      return 0;
    }
    EventScan upTo = ofBatches.upTo(cut.completed());
    return warehouse
        .batches()
        .filter(table -> table.currentSnapshot() != null)
        .map(table -> ScanPlanner.plan(table, upTo, table.currentSnapshot().snapshotId(), 1, ""))
        .map(plan -> plan.splits().size())
        .orElse(0);
  }
}
