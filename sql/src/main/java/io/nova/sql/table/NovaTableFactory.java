package io.nova.sql.table;

import io.nova.iceberg.EventTable;
import io.nova.sql.catalog.NovaCatalogFactory;
import io.nova.sql.filter.InstantConstants;
import io.nova.sql.source.Warehouse;
import io.nova.sql.system.SystemTable;
import io.nova.sql.system.SystemTableSource;
import io.nova.sql.topic.TopicTables;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;
import org.jspecify.annotations.Nullable;

/** Creates the sources of the catalog's tables from the options of the tables. */
public final class NovaTableFactory implements DynamicTableSourceFactory {
  /** The name of a system table; set by the catalog. */
  public static final ConfigOption<String> SYSTEM_TABLE =
      ConfigOptions.key("system-table")
          .stringType()
          .noDefaultValue()
          .withDescription("Name of the system table. Set by the catalog.");

  /** Whether the table also has the rows of the batch layer; set by the catalog. */
  public static final ConfigOption<Boolean> LAMBDA =
      ConfigOptions.key("lambda")
          .booleanType()
          .defaultValue(false)
          .withDescription("Whether it is the table lambda_events. Set by the catalog.");

  private final String token;
  private final @Nullable Warehouse warehouse;
  private final Map<String, String> clientOptions;

  /** A factory without a token, for Flink's service loader and the Hadoop catalog. */
  public NovaTableFactory() {
    this.token = "";
    this.warehouse = null;
    this.clientOptions = Map.of();
  }

  /**
   * A factory for the tables of a catalog. The options of a table do not name its Iceberg catalog:
   * every user may see them.
   *
   * @param token the token that the job's live servers expect; may be empty
   * @param warehouse where the tables are
   * @param clientOptions options of Kafka's clients for the tables over topics
   */
  public NovaTableFactory(String token, Warehouse warehouse, Map<String, String> clientOptions) {
    this.token = token;
    this.warehouse = warehouse;
    this.clientOptions = Map.copyOf(clientOptions);
  }

  /**
   * The options of a table of this warehouse.
   *
   * @param defaults options of the catalog that its tables inherit
   */
  public static Map<String, String> optionsOf(Warehouse warehouse, Map<String, String> defaults) {
    LinkedHashMap<String, String> options = new LinkedHashMap<>(defaults);
    options.put(FactoryUtil.CONNECTOR.key(), NovaCatalogFactory.IDENTIFIER);
    options.put(NovaCatalogFactory.WAREHOUSE.key(), warehouse.location());
    return options;
  }

  @Override
  public String factoryIdentifier() {
    return NovaCatalogFactory.IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(NovaCatalogFactory.WAREHOUSE);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    HashSet<ConfigOption<?>> all = new HashSet<>(ReadOptions.ofTable());
    all.add(SYSTEM_TABLE);
    all.add(LAMBDA);
    return all;
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    String connector = context.getCatalogTable().getOptions().get(FactoryUtil.CONNECTOR.key());
    return TopicTables.CONNECTOR.equals(connector)
        ? TopicTables.source(context, clientOptions)
        : events(context);
  }

  private DynamicTableSource events(Context context) {
    FactoryUtil.TableFactoryHelper helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    ReadableConfig options = helper.getOptions();
    Optional<SystemTable> system = options.getOptional(SYSTEM_TABLE).flatMap(SystemTable::of);
    if (system.isPresent()) {
      return new SystemTableSource(
          system.get(), warehouse(options), ReadSettings.access(options, token));
    }
    Warehouse place = warehouse(options);
    EventTable table = place.table();
    ReadSettings settings = ReadSettings.of(options, token, table.iceberg());
    InstantConstants instants =
        new InstantConstants(
            sessionZone(context.getConfiguration()),
            settings.followEvery().isPresent() ? null : Clock.systemUTC());
    return options.get(LAMBDA)
        ? NovaTableSource.lambda(place, table, instants, settings.forLambda(options))
        : NovaTableSource.over(place, table, instants, settings);
  }

  private Warehouse warehouse(ReadableConfig options) {
    return warehouse == null ? new Warehouse(options.get(NovaCatalogFactory.WAREHOUSE)) : warehouse;
  }

  private static ZoneId sessionZone(ReadableConfig session) {
    String zone = session.get(TableConfigOptions.LOCAL_TIME_ZONE);
    return zone.equals(TableConfigOptions.LOCAL_TIME_ZONE.defaultValue())
        ? ZoneId.systemDefault()
        : ZoneId.of(zone);
  }
}
