package io.nova.sql;

import io.nova.sql.scan.Warehouse;
import io.nova.sql.topic.TopicTables;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.table.api.config.TableConfigOptions;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.connector.source.DynamicTableSource;
import org.apache.flink.table.factories.DynamicTableSourceFactory;
import org.apache.flink.table.factories.FactoryUtil;

/** Makes the sources of the catalog's tables out of the tables' options. */
public final class NovaTableFactory implements DynamicTableSourceFactory {

  /** A snapshot to read instead of the one that is current when the query starts. */
  public static final ConfigOption<Long> SNAPSHOT_ID =
      ConfigOptions.key("snapshot-id")
          .longType()
          .noDefaultValue()
          .withDescription(
              "Id of the Iceberg snapshot to read, given as a hint:"
                  + " events /*+ OPTIONS('snapshot-id' = '...') */. Default: the snapshot that is"
                  + " current when the query starts.");

  static Map<String, String> optionsOf(Warehouse warehouse) {
    var options = new LinkedHashMap<String, String>();
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
    return Set.of(SNAPSHOT_ID);
  }

  @Override
  public DynamicTableSource createDynamicTableSource(Context context) {
    var connector = context.getCatalogTable().getOptions().get(FactoryUtil.CONNECTOR.key());
    return TopicTables.CONNECTOR.equals(connector) ? TopicTables.source(context) : events(context);
  }

  private DynamicTableSource events(Context context) {
    var helper = FactoryUtil.createTableFactoryHelper(this, context);
    helper.validate();
    var options = helper.getOptions();
    var warehouse = new Warehouse(options.get(NovaCatalogFactory.WAREHOUSE));
    var table = warehouse.events().orElseThrow(() -> new CatalogException(warehouse.noTableYet()));
    var moments = new Moments(sessionZone(context.getConfiguration()), Clock.systemUTC());
    return NovaTableSource.over(warehouse, table, moments, options.getOptional(SNAPSHOT_ID));
  }

  private static ZoneId sessionZone(ReadableConfig session) {
    var zone = session.get(TableConfigOptions.LOCAL_TIME_ZONE);
    return zone.equals(TableConfigOptions.LOCAL_TIME_ZONE.defaultValue())
        ? ZoneId.systemDefault()
        : ZoneId.of(zone);
  }
}
