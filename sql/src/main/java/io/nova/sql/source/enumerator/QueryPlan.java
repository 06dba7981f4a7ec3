package io.nova.sql.source.enumerator;

import io.nova.handoff.BatchNumbers;
import io.nova.iceberg.EventTable;
import io.nova.live.cut.Cut;
import io.nova.live.cut.CutProtocol;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.LiveViews;
import io.nova.metric.NovaMetric;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.LambdaPart;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.Warehouse;
import io.nova.sql.source.enumerator.QueryCuts.Query;
import io.nova.sql.source.split.FileRange.Layer;
import io.nova.sql.source.split.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.flink.metrics.MetricGroup;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plan of one scan: finds its splits in the JobManager and reports figures as metrics. It
 * shares the cut of its query until it is closed. Thread-safe.
 */
public final class QueryPlan implements SplitPlan {
  private static final Logger LOG = LoggerFactory.getLogger(QueryPlan.class);

  private static final String JOB_ID = "<job_id>";

  private final EventScan scan;
  private final @Nullable LambdaPart lambda;
  private final Query query;
  private final Function<LiveAccess, LiveViews> servers;
  private final int parallelism;
  private final MetricGroup metrics;
  private boolean closed;
  private @Nullable Cut shared;

  /**
   * A plan for a number of readers.
   *
   * @param lambda the part of a scan of {@code lambda_events}; null for one of {@code events}
   * @param access the settings of a live read; empty for a committed read
   * @param servers connects to the live servers
   * @param metrics the enumerator's group, whose variables name the job
   */
  public QueryPlan(
      Warehouse warehouse,
      EventScan scan,
      @Nullable LambdaPart lambda,
      Optional<LiveAccess> access,
      Function<LiveAccess, LiveViews> servers,
      int parallelism,
      MetricGroup metrics) {
    this.scan = scan;
    this.lambda = lambda;
    this.servers = servers;
    String jobId = metrics.getAllVariables().getOrDefault(JOB_ID, "no job " + UUID.randomUUID());
    this.query = new Query(jobId, warehouse, access);
    this.parallelism = parallelism;
    this.metrics = metrics;
  }

  /** The splits of the query's cut. Blocks while the cut is taken and manifests are read. */
  @Override
  public List<ScanSplit> splits() {
    Cut cut = cut();
    EventTable table = query.warehouse().table();
    String token = cut.token().text();
    String inSplits = RowLayout.ofFiles(scan).wantsToken() ? token : "";
    EventScan above = scan.above(cut.completed());
    ArrayList<ScanSplit> splits = new ArrayList<>(CutPlanner.plan(table, scan, cut, inSplits));
    int uncommitted = splits.size();
    ScanPlanner.Plan committed =
        cut.snapshotId()
            .map(id -> ScanPlanner.plan(table.iceberg(), above, id, parallelism, inSplits))
            .orElse(ScanPlanner.Plan.EMPTY)
            .and(batches(cut, inSplits));
    splits.addAll(committed.splits());
    LOG.info(
        "Query {} reads {}: {} files in {} splits, {} files and {} manifests skipped, {} splits of"
            + " live views and sealed blocks, filter {}, read token {}",
        query.jobId(),
        query.warehouse().location(),
        committed.filesPlanned(),
        committed.splits().size(),
        committed.filesSkipped(),
        committed.manifestsSkipped(),
        uncommitted,
        above.filter(),
        token);
    report(cut, committed);
    return splits;
  }

  /** The rows of completed batches, in the batch layer's table. */
  private ScanPlanner.Plan batches(Cut cut, String inSplits) {
    if (lambda == null || cut.batchSnapshotId().isEmpty()) {
      return ScanPlanner.Plan.EMPTY;
    }
    EventScan upTo = lambda.required(cut.completed()).upTo(cut.completed());
    Table table =
        query.warehouse().batches().orElseThrow(() -> LambdaPart.missing(cut.completed()));
    long snapshotId = cut.batchSnapshotId().get();
    if (table.snapshot(snapshotId) == null) {
      throw new IllegalStateException(
          "Table nova.batch_events: snapshot "
              + snapshotId
              + ", which the query reads, is gone: it has expired. Nothing is read.");
    }
    return ScanPlanner.plan(Layer.BATCHES, table, upTo, snapshotId, parallelism, inSplits);
  }

  /** The cut of the query. Blocks while it is taken. */
  public Cut cut() {
    if (scan.past() != null) {
      return ScanPlanner.committed(query.warehouse().table().iceberg(), scan);
    }
    synchronized (this) {
      if (shared != null) {
        return shared;
      }
    }
    Cut cut = QueryCuts.acquire(query, this::take, this::withBatches);
    synchronized (this) {
      if (closed) {
        QueryCuts.release(query);
        throw new IllegalStateException("The query has ended");
      }
      shared = cut;
    }
    return cut;
  }

  /**
   * Adds the current snapshot of the batch layer's table. The cut has its completed batch by then,
   * and the batch layer writes a batch before it completes it. So the snapshot has that batch.
   */
  private Cut withBatches(Cut cut) {
    if (lambda == null
        || cut.completed() == BatchNumbers.NONE
        || cut.batchSnapshotId().isPresent()) {
      return cut;
    }
    Snapshot written =
        query
            .warehouse()
            .batches()
            .map(Table::currentSnapshot)
            .orElseThrow(() -> LambdaPart.missing(cut.completed()));
    return cut.withBatches(Optional.of(written.snapshotId()));
  }

  private LeasedCut take() {
    EventTable table = query.warehouse().table();
    return query
        .access()
        .map(access -> live(table, access))
        .orElseGet(() -> LeasedCut.committed(Cut.committed(table.iceberg())));
  }

  private LeasedCut live(EventTable table, LiveAccess access) {
    LiveViews views = servers.apply(access);
    return LeasedCut.of(CutProtocol.over(table, views, access).take(), views);
  }

  private void report(Cut cut, ScanPlanner.Plan committed) {
    MetricGroup group = metrics.addGroup("nova");
    cut.snapshotId().ifPresent(id -> group.gauge(NovaMetric.SNAPSHOT_ID.shortName(), () -> id));
    group.gauge(NovaMetric.FILES_PLANNED.shortName(), committed::filesPlanned);
    group.gauge(NovaMetric.FILES_SKIPPED.shortName(), committed::filesSkipped);
    group.gauge(NovaMetric.MANIFESTS_SKIPPED.shortName(), committed::manifestsSkipped);
    long missing = cut.shardsMissing();
    group.gauge(NovaMetric.KEY_GROUPS_MISSING.shortName(), () -> missing);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (shared == null) {
        return;
      }
      shared = null;
    }
    QueryCuts.release(query);
  }
}
