package io.nova.sql;

import io.nova.sql.scan.Warehouse;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.table.catalog.Catalog;
import org.apache.flink.table.factories.CatalogFactory;
import org.apache.flink.table.factories.FactoryUtil;

/**
 * Makes the catalog of {@code CREATE CATALOG nova WITH ('type' = 'nova', 'warehouse' = '...')}. An
 * option that is missing or unknown is refused by name.
 */
public final class NovaCatalogFactory implements CatalogFactory {

  /** What {@code 'type'} must say for this catalog. */
  public static final String IDENTIFIER = "nova";

  /** Where the job keeps its Iceberg tables; the job's option {@code nova.warehouse}. */
  public static final ConfigOption<String> WAREHOUSE =
      ConfigOptions.key("warehouse")
          .stringType()
          .noDefaultValue()
          .withDescription(
              "Folder of the Iceberg tables, as a path or URI; the same as the job's nova.warehouse."
                  + " It must exist. No default.");

  /** The database that an unqualified table name belongs to. */
  public static final ConfigOption<String> DEFAULT_DATABASE =
      ConfigOptions.key("default-database")
          .stringType()
          .defaultValue(NovaCatalog.DATABASE)
          .withDescription("The catalog's default database. There is only one, nova.");

  @Override
  public String factoryIdentifier() {
    return IDENTIFIER;
  }

  @Override
  public Set<ConfigOption<?>> requiredOptions() {
    return Set.of(WAREHOUSE);
  }

  @Override
  public Set<ConfigOption<?>> optionalOptions() {
    return Set.of(DEFAULT_DATABASE);
  }

  @Override
  public Catalog createCatalog(Context context) {
    var helper = FactoryUtil.createCatalogFactoryHelper(this, context);
    helper.validate();
    var options = helper.getOptions();
    return new NovaCatalog(
        context.getName(), options.get(DEFAULT_DATABASE), new Warehouse(options.get(WAREHOUSE)));
  }
}
