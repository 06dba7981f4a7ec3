package io.nova.sql.source.enumerator;

import io.nova.iceberg.commit.SnapshotMark;
import io.nova.sql.live.Cut;
import io.nova.sql.live.CutProtocol;
import io.nova.sql.live.LeasedCut;
import io.nova.sql.live.LiveAccess;
import io.nova.sql.live.LiveViews;
import io.nova.sql.live.RetryPolicy;
import io.nova.sql.live.TableAt;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.Warehouse;
import io.nova.sql.source.enumerator.QueryCuts.Query;
import io.nova.sql.source.split.ScanSplit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.apache.flink.metrics.MetricGroup;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans the splits of one scan in the JobManager, and shows the figures of the plan as metrics.
 * Holds the leases of the query's cut until it is closed. Thread-safe.
 */
public final class QueryPlan implements SplitPlan {
  private static final Logger LOG = LoggerFactory.getLogger(QueryPlan.class);

  private static final String JOB_ID = "<job_id>";

  private final Warehouse warehouse;
  private final EventScan scan;
  private final @Nullable Query live;
  private final Function<LiveAccess, LiveViews> servers;
  private final String jobId;
  private final int parallelism;
  private final MetricGroup metrics;
  private boolean closed;
  private boolean holding;

  /**
   * A plan for so many readers.
   *
   * @param access how live views are reached, or null to read what is committed
   * @param servers makes the way to them
   * @param metrics the enumerator's group, which also tells the job's id
   */
  public QueryPlan(
      Warehouse warehouse,
      EventScan scan,
      @Nullable LiveAccess access,
      Function<LiveAccess, LiveViews> servers,
      int parallelism,
      MetricGroup metrics) {
    this.warehouse = warehouse;
    this.scan = scan;
    this.servers = servers;
    this.jobId =
        metrics.getAllVariables().getOrDefault(JOB_ID, "no job " + UUID.randomUUID().toString());
    this.live = access == null ? null : new Query(jobId, warehouse, access);
    this.parallelism = parallelism;
    this.metrics = metrics;
  }

  /** The splits of the query's cut; blocks while it is taken and manifests are read. */
  @Override
  public List<ScanSplit> splits() {
    Cut cut = cut();
    Table table = table();
    String token = cut.token().text();
    String carried = RowLayout.ofFiles(scan).wantsToken() ? token : "";
    ArrayList<ScanSplit> splits = new ArrayList<>(CutPlanner.plan(table, scan, cut, carried));
    int beside = splits.size();
    ScanPlanner.Plan committed =
        cut.snapshotId()
            .map(id -> ScanPlanner.plan(table, scan, id, parallelism, carried))
            .orElse(ScanPlanner.Plan.EMPTY);
    splits.addAll(committed.splits());
    LOG.info(
        "Query {} reads {}: {} files in {} splits, {} files and {} manifests skipped, {} splits of"
            + " live views and sealed blocks, filter {}, read token {}",
        jobId,
        warehouse.location(),
        committed.filesPlanned(),
        committed.splits().size(),
        committed.filesSkipped(),
        committed.manifestsSkipped(),
        beside,
        scan.filter(),
        token);
    show(cut, committed);
    return splits;
  }

  private Table table() {
    return warehouse.events().orElseThrow(() -> new IllegalStateException(warehouse.noTableYet()));
  }

  /** What the query reads. */
  public Cut cut() {
    if (live == null || scan.snapshotId() != null) {
      return committed(table());
    }
    Cut cut = QueryCuts.acquire(live, () -> take(live.access()));
    synchronized (this) {
      if (closed) {
        QueryCuts.release(live);
        throw new IllegalStateException("The query has ended");
      }
      holding = true;
    }
    return cut;
  }

  private LeasedCut take(LiveAccess access) {
    LiveViews views = servers.apply(access);
    RetryPolicy patience = RetryPolicy.of(access.patience());
    Cut cut = new CutProtocol(() -> TableAt.of(table()), views, access, patience).take();
    return new LeasedCut(cut, views);
  }

  private Cut committed(Table table) {
    Optional<Long> chosen =
        scan.snapshotId() != null
            ? ScanPlanner.snapshotOf(table, scan)
            : QuerySnapshots.choose(jobId, warehouse, () -> ScanPlanner.snapshotOf(table, scan));
    return Cut.committed(chosen, chosen.flatMap(id -> SnapshotMark.of(table.snapshot(id))));
  }

  private void show(Cut cut, ScanPlanner.Plan committed) {
    MetricGroup group = metrics.addGroup("nova");
    cut.snapshotId().ifPresent(id -> group.gauge("snapshotId", () -> id));
    group.gauge("filesPlanned", committed::filesPlanned);
    group.gauge("filesSkipped", committed::filesSkipped);
    group.gauge("manifestsSkipped", committed::manifestsSkipped);
    long missing = cut.shardsMissing();
    group.gauge("keyGroupsMissing", () -> missing);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      if (!holding) {
        return;
      }
      holding = false;
    }
    if (live != null) {
      QueryCuts.release(live);
    }
  }
}
