package io.nova.sql.source;

import io.nova.metric.NovaMetric;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.OperatorIOMetricGroup;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;

/**
 * The Flink metrics of a reader. Only the task's thread updates them.
 *
 * @param rows rows passed to the query, before Flink filters them, or aggregated by the scan;
 *     Flink's {@code numRecordsIn}
 * @param bytes bytes read from files, footers included; Flink's {@code numBytesIn}
 * @param files files opened, {@code nova.filesRead}
 * @param views requests for rows of live views, {@code nova.viewsRead}
 * @param rowGroups row groups read, {@code nova.rowGroupsRead}
 * @param rowGroupsSkipped row groups excluded by statistics, dictionary or Bloom filter, {@code
 *     nova.rowGroupsSkipped}
 */
public record ReadMetrics(
    Counter rows,
    Counter bytes,
    Counter files,
    Counter views,
    Counter rowGroups,
    Counter rowGroupsSkipped) {
  /** Registers the metrics in a reader's group. */
  public static ReadMetrics in(SourceReaderMetricGroup group) {
    OperatorIOMetricGroup io = group.getIOMetricGroup();
    MetricGroup nova = group.addGroup("nova");
    return new ReadMetrics(
        io.getNumRecordsInCounter(),
        io.getNumBytesInCounter(),
        nova.counter(NovaMetric.FILES_READ.shortName()),
        nova.counter(NovaMetric.VIEWS_READ.shortName()),
        nova.counter(NovaMetric.ROW_GROUPS_READ.shortName()),
        nova.counter(NovaMetric.ROW_GROUPS_SKIPPED.shortName()));
  }
}
