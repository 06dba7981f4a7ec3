package io.nova.iceberg;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.hadoop.HadoopCatalog;

/** Iceberg's Hadoop catalog with {@link VerifiedOperations}. */
final class VerifiedCatalog extends HadoopCatalog {
  /**
   * Opens a catalog.
   *
   * @param properties Iceberg's catalog properties
   */
  static VerifiedCatalog open(Configuration hadoop, Map<String, String> properties) {
    VerifiedCatalog catalog = new VerifiedCatalog();
    catalog.setConf(hadoop);
    catalog.initialize("nova", properties);
    return catalog;
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier table) {
    return new VerifiedOperations(defaultWarehouseLocation(table), () -> super.newTableOps(table));
  }
}
