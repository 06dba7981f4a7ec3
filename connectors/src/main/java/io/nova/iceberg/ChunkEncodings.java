package io.nova.iceberg;

import io.nova.event.row.EventSchema;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.factory.DefaultV1ValuesWriterFactory;
import org.apache.parquet.column.values.factory.ValuesWriterFactory;
import org.apache.parquet.column.values.fallback.FallbackValuesWriter;
import org.apache.parquet.column.values.plain.PlainValuesWriter;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Parquet's encodings of version 1, but differences for columns that nearly follow the order of the
 * rows, and a dictionary of strings that knows repetitions. docs/internals/benchmarks.md has what
 * was tried.
 */
final class ChunkEncodings implements ValuesWriterFactory {
  /** Columns that nearly follow the order of the rows: their differences are short. */
  private static final Set<String> DELTA =
      Set.of(
          "event_id",
          "event_time",
          EventSchema.KAFKA_OFFSET,
          "processed_time",
          "server_received_time",
          "server_upload_time");

  private final ValuesWriterFactory others = new DefaultV1ValuesWriterFactory();
  private ParquetProperties properties = ParquetProperties.builder().build();

  @Override
  public void initialize(ParquetProperties of) {
    properties = of;
    others.initialize(of);
  }

  @Override
  public ValuesWriter newValuesWriter(ColumnDescriptor column) {
    if (DELTA.contains(column.getPath()[0])) {
      return new DeltaBinaryPackingValuesWriterForLong(
          properties.getInitialSlabSize(),
          properties.getPageSizeThreshold(),
          properties.getAllocator());
    }
    boolean text = column.getPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    if (!text || !properties.isDictionaryEnabled(column)) {
      return others.newValuesWriter(column);
    }
    return FallbackValuesWriter.of(
        new RepeatDictionary(
            properties.getDictionaryPageSizeThreshold(), properties.getAllocator()),
        new PlainValuesWriter(
            properties.getInitialSlabSize(),
            properties.getPageSizeThreshold(),
            properties.getAllocator()));
  }
}
