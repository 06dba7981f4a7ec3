package io.nova.sql.source.reader;

import io.nova.sql.source.Aggregation;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.ReadMetrics;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.aggregate.PartialAggregates;
import io.nova.sql.source.rows.PlainRows;
import io.nova.sql.source.rows.ReadRows;
import io.nova.sql.source.rows.ScanCursor;

/**
 * What a scan returns of the rows of a part: rows, or partial aggregates.
 *
 * @param metrics counts the rows that are aggregated
 */
record ScanOutput(EventScan scan, ReadMetrics metrics) {
  /** The output of a part. Closing it closes the rows. */
  ScanCursor of(ReadRows rows, RowLayout layout) {
    Aggregation aggregation = scan.aggregation();
    return aggregation == null
        ? new PlainRows(rows, layout)
        : new PartialAggregates(
            rows, layout, aggregation, metrics.rows(), PartialAggregates.MOST_GROUPS);
  }
}
