package io.nova.sql.table;

import io.nova.sql.filter.BatchLength;
import io.nova.sql.filter.FilterTranslator;
import io.nova.sql.filter.InstantConstants;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.NovaSource;
import io.nova.sql.source.Warehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Table;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types.NestedField;

/**
 * The table {@code events} of one query while Flink plans it: collects columns, filters and a
 * limit, and hands them over as one {@link EventScan}.
 *
 * <p>Filters are accepted in full and also left to Flink, since here they only skip files and row
 * groups. Not thread-safe, as the planner uses it from one thread.
 */
final class NovaTableSource
    implements ScanTableSource,
        SupportsProjectionPushDown,
        SupportsFilterPushDown,
        SupportsReadingMetadata,
        SupportsLimitPushDown {
  private final Warehouse warehouse;
  private final EventColumns columns;
  private final PartitionSpec spec;
  private final FilterTranslator translator;
  private final ReadSettings reading;

  private List<String> physicalNames;
  private List<String> metadataKeys = List.of();
  private Expression filter = Expressions.alwaysTrue();
  private long limit = EventScan.NO_LIMIT;

  private NovaTableSource(
      Warehouse warehouse,
      EventColumns columns,
      PartitionSpec spec,
      FilterTranslator translator,
      ReadSettings reading) {
    this.warehouse = warehouse;
    this.columns = columns;
    this.spec = spec;
    this.translator = translator;
    this.reading = reading;
    this.physicalNames = columns.physical().stream().map(NestedField::name).toList();
  }

  /** A source of all columns and rows of this table. */
  static NovaTableSource over(
      Warehouse warehouse, Table table, InstantConstants moments, ReadSettings reading) {
    EventColumns columns = new EventColumns(table.schema());
    BatchLength batches = BatchLength.of(table.properties());
    FilterTranslator translator = new FilterTranslator(columns, batches, moments);
    return new NovaTableSource(warehouse, columns, table.spec(), translator, reading);
  }

  @Override
  public boolean supportsNestedProjection() {
    return false;
  }

  @Override
  public void applyProjection(int[][] projectedFields, DataType producedDataType) {
    List<NestedField> all = columns.physical();
    physicalNames = Arrays.stream(projectedFields).map(path -> all.get(path[0]).name()).toList();
  }

  @Override
  public Map<String, DataType> listReadableMetadata() {
    return columns.metadata();
  }

  @Override
  public void applyReadableMetadata(List<String> keys, DataType producedDataType) {
    metadataKeys = List.copyOf(keys);
  }

  @Override
  public Result applyFilters(List<ResolvedExpression> filters) {
    filter = translator.translateAll(filters);
    return Result.of(filters, filters);
  }

  @Override
  public void applyLimit(long rows) {
    limit = rows;
  }

  @Override
  public ChangelogMode getChangelogMode() {
    return ChangelogMode.insertOnly();
  }

  @Override
  public ScanRuntimeProvider getScanRuntimeProvider(ScanContext context) {
    ArrayList<String> names = new ArrayList<>(physicalNames);
    names.addAll(metadataKeys);
    Long snapshotId = reading.snapshotId().orElse(null);
    EventScan scan = new EventScan(spec, columns.project(names), filter, snapshotId, limit);
    return SourceProvider.of(source(scan));
  }

  private NovaSource source(EventScan scan) {
    return reading
        .followEvery()
        .map(checkInterval -> following(scan, checkInterval))
        .orElseGet(
            () ->
                reading
                    .access()
                    .map(access -> NovaSource.live(warehouse, scan, access))
                    .orElseGet(() -> NovaSource.committed(warehouse, scan)));
  }

  private NovaSource following(EventScan scan, Duration checkInterval) {
    return reading
        .access()
        .map(access -> NovaSource.followingLive(warehouse, scan, access, checkInterval))
        .orElseGet(() -> NovaSource.following(warehouse, scan, checkInterval));
  }

  @Override
  public DynamicTableSource copy() {
    NovaTableSource copy = new NovaTableSource(warehouse, columns, spec, translator, reading);
    copy.physicalNames = physicalNames;
    copy.metadataKeys = metadataKeys;
    copy.filter = filter;
    copy.limit = limit;
    return copy;
  }

  @Override
  public String asSummaryString() {
    return "Nova events of " + warehouse.location();
  }
}
