package io.nova.sql.scan;

import java.util.List;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.DynamicParallelismInference;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.table.data.RowData;

/**
 * A bounded source of the rows of one snapshot. The snapshot is chosen when the query starts, in
 * the JobManager, and is the same for every scan of the query (see {@link QuerySnapshots}); what is
 * committed later is not seen.
 */
public final class NovaSource
    implements Source<RowData, ScanSplit, ScanState>, DynamicParallelismInference {

  private static final long serialVersionUID = 1L;

  private final Warehouse warehouse;
  private final EventScan scan;

  /** A source that reads this scan out of this warehouse. */
  public NovaSource(Warehouse warehouse, EventScan scan) {
    this.warehouse = warehouse;
    this.scan = scan;
  }

  @Override
  public Boundedness getBoundedness() {
    return Boundedness.BOUNDED;
  }

  @Override
  public SplitEnumerator<ScanSplit, ScanState> createEnumerator(
      SplitEnumeratorContext<ScanSplit> context) {
    return restoreEnumerator(context, new ScanState(false, List.of()));
  }

  @Override
  public SplitEnumerator<ScanSplit, ScanState> restoreEnumerator(
      SplitEnumeratorContext<ScanSplit> context, ScanState state) {
    var plan = new QueryPlan(warehouse, scan, context.currentParallelism(), context.metricGroup());
    return new ScanEnumerator(context, plan::splits, state);
  }

  @Override
  public SourceReader<RowData, ScanSplit> createReader(SourceReaderContext context) {
    var metrics = ReadMetrics.in(context.metricGroup());
    return new ScanReader(context, new FileReading(scan, metrics), metrics, scan.limit());
  }

  @Override
  public SimpleVersionedSerializer<ScanSplit> getSplitSerializer() {
    return new ScanSplitSerializer();
  }

  @Override
  public SimpleVersionedSerializer<ScanState> getEnumeratorCheckpointSerializer() {
    return new ScanStateSerializer();
  }

  /** As many readers as there are splits of the largest size, within Flink's bound. */
  @Override
  public int inferParallelism(Context context) {
    var splits =
        warehouse
            .events()
            .flatMap(table -> ScanPlanner.snapshotOf(table, scan).map(id -> splits(table, id)))
            .orElse(1);
    return Math.max(1, Math.min(splits, context.getParallelismInferenceUpperBound()));
  }

  private int splits(org.apache.iceberg.Table table, long snapshotId) {
    return ScanPlanner.plan(table, scan, snapshotId, 1).splits().size();
  }
}
