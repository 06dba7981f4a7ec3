package io.nova.iceberg;

import io.nova.iceberg.localdisk.FileLockManager;
import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.CatalogProperties;
import org.apache.iceberg.TableOperations;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.hadoop.HadoopCatalog;

/**
 * Iceberg's Hadoop catalog with {@link VerifiedOperations}, for everything that writes into a
 * warehouse: a job, and Iceberg's own sink, which makes it by name ({@code catalog-impl}).
 *
 * <p>On a local disk a rename replaces an existing file, so commits take turns by a file lock. On
 * HDFS the rename itself is enough.
 */
public final class VerifiedHadoopCatalog extends HadoopCatalog {
  /** Called by Iceberg. */
  public VerifiedHadoopCatalog() {}

  /**
   * Called by Iceberg. The catalog uses Nova's configuration of Hadoop, whatever was set before.
   *
   * @throws IllegalArgumentException if the store of the warehouse has no atomic rename
   */
  @Override
  public void initialize(String name, Map<String, String> properties) {
    String warehouse = properties.getOrDefault(CatalogProperties.WAREHOUSE_LOCATION, "");
    Storage.mustHaveAtomicRename(warehouse);
    Map<String, String> more = new HashMap<>(properties);
    if (Storage.isLocal(warehouse)) {
      more.put(CatalogProperties.LOCK_IMPL, FileLockManager.class.getName());
    }
    setConf(Storage.configuration());
    super.initialize(name, more);
  }

  @Override
  protected TableOperations newTableOps(TableIdentifier table) {
    return VerifiedOperations.ofFolder(
        defaultWarehouseLocation(table), () -> super.newTableOps(table));
  }
}
