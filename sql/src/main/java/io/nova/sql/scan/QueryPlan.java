package io.nova.sql.scan;

import java.util.List;
import java.util.Optional;
import org.apache.flink.metrics.MetricGroup;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Plans the splits of one scan in the JobManager, and shows the figures of the plan as metrics. */
final class QueryPlan {

  private static final Logger LOG = LoggerFactory.getLogger(QueryPlan.class);

  private static final String JOB_ID = "<job_id>";

  private final Warehouse warehouse;
  private final EventScan scan;
  private final int parallelism;
  private final MetricGroup metrics;

  /**
   * A plan for so many readers.
   *
   * @param metrics the enumerator's group, which also tells the job's id
   */
  QueryPlan(Warehouse warehouse, EventScan scan, int parallelism, MetricGroup metrics) {
    this.warehouse = warehouse;
    this.scan = scan;
    this.parallelism = parallelism;
    this.metrics = metrics;
  }

  /** The splits of the query's snapshot; blocks while it reads manifests. */
  List<ScanSplit> splits() {
    var table =
        warehouse.events().orElseThrow(() -> new IllegalStateException(warehouse.noTableYet()));
    return snapshot(table).map(id -> splits(table, id)).orElse(List.of());
  }

  private Optional<Long> snapshot(Table table) {
    var jobId = metrics.getAllVariables().get(JOB_ID);
    if (jobId == null || scan.snapshotId() != null) {
      return ScanPlanner.snapshotOf(table, scan);
    }
    return QuerySnapshots.choose(jobId, warehouse, () -> ScanPlanner.snapshotOf(table, scan));
  }

  private List<ScanSplit> splits(Table table, long snapshotId) {
    var plan = ScanPlanner.plan(table, scan, snapshotId, parallelism);
    LOG.info(
        "Query reads snapshot {} of {}: {} files in {} splits, {} files and {} manifests skipped,"
            + " filter {}",
        snapshotId,
        warehouse.location(),
        plan.filesPlanned(),
        plan.splits().size(),
        plan.filesSkipped(),
        plan.manifestsSkipped(),
        scan.filter());
    var group = metrics.addGroup("nova");
    group.gauge("snapshotId", () -> snapshotId);
    group.gauge("filesPlanned", plan::filesPlanned);
    group.gauge("filesSkipped", plan::filesSkipped);
    group.gauge("manifestsSkipped", plan::manifestsSkipped);
    return plan.splits();
  }
}
