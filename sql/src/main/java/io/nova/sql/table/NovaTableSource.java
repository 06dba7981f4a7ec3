package io.nova.sql.table;

import io.nova.iceberg.EventTable;
import io.nova.sql.filter.FilterTranslator;
import io.nova.sql.filter.InstantConstants;
import io.nova.sql.filter.PushedFilters;
import io.nova.sql.source.Aggregation;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.EventScan.Past;
import io.nova.sql.source.ExactFilter;
import io.nova.sql.source.LambdaPart;
import io.nova.sql.source.NovaSource;
import io.nova.sql.source.Warehouse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.connector.source.ScanTableSource;
import org.apache.flink.table.connector.source.SourceProvider;
import org.apache.flink.table.connector.source.abilities.SupportsAggregatePushDown;
import org.apache.flink.table.connector.source.abilities.SupportsFilterPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsLimitPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsProjectionPushDown;
import org.apache.flink.table.connector.source.abilities.SupportsReadingMetadata;
import org.apache.flink.table.expressions.AggregateExpression;
import org.apache.flink.table.expressions.ResolvedExpression;
import org.apache.flink.table.types.DataType;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.expressions.Expression;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code events} or {@code lambda_events} while Flink plans a query. It collects columns,
 * filters and a limit into one {@link EventScan}.
 *
 * <p>Every filter skips files, row groups and pages. Those that the scan evaluates exactly are
 * applied by the scan; the others are also left to Flink. A query that follows the table leaves all
 * of them to Flink. Used by the planner's thread.
 */
class NovaTableSource
    implements ScanTableSource,
        SupportsProjectionPushDown,
        SupportsFilterPushDown,
        SupportsReadingMetadata,
        SupportsLimitPushDown {
  private final Warehouse warehouse;
  private final EventColumns columns;
  private final PartitionSpec spec;
  private final FilterTranslator translator;
  private final ReadSettings settings;
  private final @Nullable LambdaTable lambda;

  private List<String> physicalNames;
  private List<String> metadataKeys = List.of();
  private Expression filter = Expressions.alwaysTrue();
  private ExactFilter exact = ExactFilter.NONE;
  private @Nullable Aggregation aggregation;
  private long limit = EventScan.NO_LIMIT;

  private NovaTableSource(
      Warehouse warehouse,
      EventColumns columns,
      PartitionSpec spec,
      FilterTranslator translator,
      ReadSettings settings,
      @Nullable LambdaTable lambda) {
    this.warehouse = warehouse;
    this.columns = columns;
    this.spec = spec;
    this.translator = translator;
    this.settings = settings;
    this.lambda = lambda;
    this.physicalNames = columns.physical().stream().map(NestedField::name).toList();
  }

  private NovaTableSource(NovaTableSource other) {
    this(
        other.warehouse, other.columns, other.spec, other.translator, other.settings, other.lambda);
    physicalNames = other.physicalNames;
    metadataKeys = other.metadataKeys;
    filter = other.filter;
    exact = other.exact;
    aggregation = other.aggregation;
    limit = other.limit;
  }

  /**
   * The second table of {@code lambda_events}.
   *
   * @param columns its columns; empty if the batch layer has not made it
   */
  private record LambdaTable(Optional<BatchColumns> columns) {
    LambdaPart part(EventScan scan) {
      return new LambdaPart(columns.map(found -> found.scan(scan)).orElse(null));
    }
  }

  /** A source of all columns and rows of the table. */
  static NovaTableSource over(
      Warehouse warehouse, EventTable table, InstantConstants instants, ReadSettings settings) {
    EventColumns columns = new EventColumns(table.iceberg().schema());
    return over(warehouse, table, columns, instants, settings, null);
  }

  /** A source of all columns and rows of {@code lambda_events}. */
  static NovaTableSource lambda(
      Warehouse warehouse, EventTable table, InstantConstants instants, ReadSettings settings) {
    EventColumns columns = new EventColumns(table.iceberg().schema()).ofLambda();
    LambdaTable lambda =
        new LambdaTable(warehouse.batches().map(found -> new BatchColumns(found, columns)));
    return over(warehouse, table, columns, instants, settings, lambda);
  }

  private static NovaTableSource over(
      Warehouse warehouse,
      EventTable table,
      EventColumns columns,
      InstantConstants instants,
      ReadSettings settings,
      @Nullable LambdaTable lambda) {
    FilterTranslator translator = new FilterTranslator(columns, table.rules(), instants);
    NovaTableSource rows =
        new NovaTableSource(
            warehouse, columns, table.iceberg().spec(), translator, settings, lambda);
    return settings.aggregates() ? new Aggregating(rows) : rows;
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
    PushedFilters pushed = translator.push(filters);
    filter = pushed.pruning();
    if (settings.followEvery().isPresent()) {
      return Result.of(filters, filters);
    }
    exact = pushed.exact();
    return Result.of(filters, pushed.remaining());
  }

  final boolean aggregate(int[] groups, List<AggregateExpression> aggregates, DataType produced) {
    Optional<Aggregation> found =
        AggregateTranslator.translate(columns.project(names()), groups, aggregates, produced)
            .filter(this::mayAggregate);
    aggregation = found.orElse(null);
    return found.isPresent();
  }

  /** Whether the aggregates are of all rows, and of columns rather than expressions over them. */
  private boolean mayAggregate(Aggregation found) {
    return limit == EventScan.NO_LIMIT
        && (found.columns().isEmpty() || !PlannerRules.ignoresProjection());
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
    EventScan scan = aggregation == null ? scan(names(), null) : aggregated(aggregation);
    NovaSource source = source(scan);
    return SourceProvider.of(lambda == null ? source : source.with(lambda.part(scan)));
  }

  /** The planner keeps a column even for COUNT(*). */
  private EventScan aggregated(Aggregation found) {
    List<Integer> used = found.columns();
    return scan(used.stream().map(names()::get).toList(), found.over(used));
  }

  private EventScan scan(List<String> names, @Nullable Aggregation aggregates) {
    Past past = settings.past().orElse(null);
    return new EventScan(spec, columns.project(names), filter, exact, aggregates, past, limit);
  }

  private List<String> names() {
    ArrayList<String> names = new ArrayList<>(physicalNames);
    names.addAll(metadataKeys);
    return names;
  }

  private NovaSource source(EventScan scan) {
    return settings
        .followEvery()
        .map(checkInterval -> following(scan, checkInterval))
        .orElseGet(
            () ->
                settings
                    .access()
                    .map(access -> NovaSource.live(warehouse, scan, access))
                    .orElseGet(() -> NovaSource.committed(warehouse, scan)));
  }

  private NovaSource following(EventScan scan, Duration checkInterval) {
    return settings
        .access()
        .map(access -> NovaSource.followingLive(warehouse, scan, access, checkInterval))
        .orElseGet(() -> NovaSource.following(warehouse, scan, checkInterval));
  }

  @Override
  public DynamicTableSource copy() {
    return new NovaTableSource(this);
  }

  @Override
  public String asSummaryString() {
    return "Nova %s of %s"
        .formatted(lambda == null ? "events" : "lambda_events", warehouse.location());
  }

  /** A source that also aggregates. Flink merges its partial results. */
  private static final class Aggregating extends NovaTableSource
      implements SupportsAggregatePushDown {
    private Aggregating(NovaTableSource of) {
      super(of);
    }

    @Override
    public boolean applyAggregates(
        List<int[]> groupingSets, List<AggregateExpression> aggregates, DataType producedDataType) {
      return groupingSets.size() == 1
          && aggregate(groupingSets.get(0), aggregates, producedDataType);
    }

    @Override
    public DynamicTableSource copy() {
      return new Aggregating(this);
    }
  }
}
