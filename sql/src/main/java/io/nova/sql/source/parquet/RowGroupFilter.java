package io.nova.sql.source.parquet;

import io.nova.sql.source.EventScan;
import io.nova.sql.source.split.FileRange;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Schema;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.ResidualEvaluator;
import org.apache.iceberg.parquet.ParquetBloomRowGroupFilter;
import org.apache.iceberg.parquet.ParquetDictionaryRowGroupFilter;
import org.apache.iceberg.parquet.ParquetMetricsRowGroupFilter;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Excludes row groups by statistics, then by dictionary, then by Bloom filter: cheap checks first.
 * Predicates that the file's batch number decides are removed from the filter before. Used by one
 * thread.
 */
public final class RowGroupFilter {
  private final EventScan scan;
  private final ResidualEvaluator residuals;
  private final Map<Long, Expression> byBatch = new HashMap<>();

  /** A filter for this scan. */
  public RowGroupFilter(EventScan scan) {
    this.scan = scan;
    this.residuals = ResidualEvaluator.of(scan.spec(), scan.filter(), true);
  }

  /** Whether a row of this row group may pass the filter. */
  boolean mayMatch(FileRange file, MessageType columns, BlockMetaData group, ParquetFileReader in) {
    Expression filter = byBatch.computeIfAbsent(file.batchNumber(), this::residual);
    return filter.equals(Expressions.alwaysTrue()) || mayMatch(filter, columns, group, in);
  }

  /**
   * The filter for the pages of a file; null if it excludes none.
   *
   * @param columns the columns whose pages are read; it says nothing about others
   */
  @Nullable FilterPredicate ofPages(FileRange file, MessageType columns) {
    Expression filter = byBatch.computeIfAbsent(file.batchNumber(), this::residual);
    return PageFilter.of(filter, scan.spec().schema(), columns);
  }

  private boolean mayMatch(
      Expression filter, MessageType columns, BlockMetaData group, ParquetFileReader in) {
    Schema schema = scan.spec().schema();
    return new ParquetMetricsRowGroupFilter(schema, filter).shouldRead(columns, group)
        && new ParquetDictionaryRowGroupFilter(schema, filter)
            .shouldRead(columns, group, in.getDictionaryReader(group))
        && new ParquetBloomRowGroupFilter(schema, filter)
            .shouldRead(columns, group, in.getBloomFilterDataReader(group));
  }

  private Expression residual(long batchNumber) {
    PartitionData partition = new PartitionData(scan.spec().partitionType());
    partition.set(0, batchNumber);
    return residuals.residualFor(partition);
  }
}
