package io.nova.sql.source.enumerator;

import io.nova.sql.source.EventScan;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.InclusiveMetricsEvaluator;
import org.apache.iceberg.types.Conversions;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.util.PropertyUtil;

/**
 * Rules out blocks that the table does not list yet, by batch and upload time, as Iceberg rules out
 * a file by its statistics.
 */
final class BlockPruner {
  private static final String UPLOAD_TIME = "server_upload_time";
  private static final String ANY = "block";

  private final EventScan scan;
  private final InclusiveMetricsEvaluator filter;
  private final long intervalMicros;
  private final long batchMicros;

  BlockPruner(Table table, EventScan scan) {
    this.scan = scan;
    this.filter = new InclusiveMetricsEvaluator(scan.spec().schema(), scan.filter());
    this.intervalMicros = micros(table, "nova.block.interval-ms");
    this.batchMicros = micros(table, "nova.batch.length-ms");
  }

  private static long micros(Table table, String property) {
    return PropertyUtil.propertyAsLong(table.properties(), property, 0) * 1000;
  }

  /** Whether a block of this interval may hold a row that is wanted. */
  boolean mayMatch(long interval) {
    if (intervalMicros <= 0 || batchMicros <= 0) {
      return true;
    }
    long from = interval * intervalMicros;
    return mayMatch(Math.floorDiv(from, batchMicros), from, from + intervalMicros);
  }

  /** Whether rows of this batch with upload times from, inclusive, to, exclusive, may be wanted. */
  boolean mayMatch(long batch, long fromMicros, long toMicros) {
    Schema schema = scan.spec().schema();
    Types.NestedField batchField = schema.findField(EventScan.BATCH_NUMBER);
    Types.NestedField timeField = schema.findField(UPLOAD_TIME);
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
