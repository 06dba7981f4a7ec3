package io.nova.sql.source.enumerator;

import io.nova.iceberg.TableRules;
import io.nova.sql.source.EventScan;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;

/**
 * Excludes blocks that the table does not list yet by their batch and upload time. It evaluates the
 * filter as Iceberg does with a file's statistics.
 */
final class BlockPruner {
  private static final String ANY = "block";

  private final EventScan scan;
  private final InclusiveMetricsEvaluator filter;
  private final TableRules rules;

  BlockPruner(TableRules rules, EventScan scan) {
    this.scan = scan;
    this.filter = new InclusiveMetricsEvaluator(scan.spec().schema(), scan.filter());
    this.rules = rules;
  }

  /** Whether a block of this interval may contain a row that passes the filter. */
  boolean mayMatch(long interval) {
    long from = rules.startMicros(interval);
    return mayMatch(rules.batchOf(from), from, rules.startMicros(interval + 1));
  }

  /**
   * Whether a row of this batch may pass the filter.
   *
   * @param fromMicros the least upload time, inclusive
   * @param toMicros the greatest upload time, exclusive
   */
  boolean mayMatch(long batch, long fromMicros, long toMicros) {
    Schema schema = scan.spec().schema();
    Types.NestedField batchField = schema.findField(EventScan.BATCH_NUMBER);
    Types.NestedField timeField = schema.findField(EventScan.SERVER_UPLOAD_TIME);
    ByteBuffer batchBound = Conversions.toByteBuffer(batchField.type(), batch);
    Map<Integer, ByteBuffer> lower =
        Map.of(
            batchField.fieldId(),
            batchBound,
            timeField.fieldId(),
            Conversions.toByteBuffer(timeField.type(), fromMicros));
    Map<Integer, ByteBuffer> upper =
        Map.of(
            batchField.fieldId(),
            batchBound,
            timeField.fieldId(),
            Conversions.toByteBuffer(timeField.type(), toMicros - 1));
    return filter.eval(
        DataFiles.builder(scan.spec())
            .withPath(ANY)
            .withFormat(FileFormat.AVRO)
            .withFileSizeInBytes(1)
            .withPartitionValues(List.of(Long.toString(batch)))
            .withMetrics(new Metrics(1L, null, null, null, null, lower, upper))
            .build());
  }
}
