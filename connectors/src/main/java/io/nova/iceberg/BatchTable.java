package io.nova.iceberg;

import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The table of the batch layer in Nova's warehouse: the columns of the event table, partitioned by
 * batch number. The batch layer replaces a batch as a whole, and completes it afterwards. The job
 * neither reads nor writes this table.
 */
public final class BatchTable {
  /** The name of the table in every warehouse. */
  public static final TableIdentifier NAME = TableIdentifier.of("nova", "batch_events");

  private BatchTable() {}

  /**
   * Finds the table with its newest metadata; empty if the batch layer has not made it.
   *
   * @throws IllegalArgumentException if the catalog cannot be opened, or its store has no atomic
   *     rename
   */
  public static Optional<Table> find(CatalogAddress address) {
    return TableCatalog.of(address).find(NAME);
  }

  /** Finds the table of a warehouse of the Hadoop catalog. */
  public static Optional<Table> find(String warehouse) {
    return find(CatalogAddress.hadoop(warehouse));
  }
}
