package io.nova.iceberg;

import io.nova.event.row.EventSchema;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.avro.AvroSchemaUtil;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * The event table of a catalog: Iceberg format v2, partitioned by batch number, named {@code
 * nova.events}.
 */
public final class EventTable {
  /** The name of the table in every catalog. */
  public static final TableIdentifier NAME = TableIdentifier.of("nova", "events");

  private static final String NO_RETRIES = "0";
  private static final String KEPT_METADATA_FILES = "50";
  private static final String GZIP = "gzip";

  private final CatalogAddress catalog;
  private final Table table;
  private final TableRules rules;

  private EventTable(CatalogAddress catalog, Table table) {
    this.catalog = catalog;
    this.table = table;
    this.rules = TableRules.of(table.location(), table.properties());
  }

  /**
   * Finds the table of a catalog.
   *
   * @throws IllegalArgumentException if the catalog cannot be opened, or its store has no atomic
   *     rename
   * @throws IllegalStateException if the table is not Nova's or has a newer format
   */
  public static Optional<EventTable> find(CatalogAddress address) {
    return TableCatalog.of(address).find(NAME).map(table -> new EventTable(address, table));
  }

  /** Finds the table of a warehouse of the Hadoop catalog. */
  public static Optional<EventTable> find(String warehouse) {
    return find(CatalogAddress.hadoop(warehouse));
  }

  /**
   * Finds the table of a catalog, or creates it.
   *
   * @throws IllegalArgumentException if the table exists with other rules, the catalog cannot be
   *     opened, its store has no atomic rename, or Hadoop cannot write where the table is. The
   *     fingerprint key may differ: the table keeps its own
   * @throws UncheckedIOException if the storage does not answer or cannot be written
   */
  public static EventTable findOrCreate(CatalogAddress address, TableRules rules) {
    try {
      EventTable table = find(address).orElseGet(() -> create(address, rules));
      table.rules.mustMatch(table.table.location(), rules);
      TableCatalog.mustBeWritable(table.location());
      return table;
    } catch (UncheckedIOException e) {
      throw new UncheckedIOException(
          "Warehouse %s cannot be used: %s. The job is not started."
              .formatted(address.warehouse(), e.getCause()),
          e.getCause());
    }
  }

  /** Finds the table of a warehouse of the Hadoop catalog, or creates it. */
  public static EventTable findOrCreate(String warehouse, TableRules rules) {
    return findOrCreate(CatalogAddress.hadoop(warehouse), rules);
  }

  /**
   * Creates the table. Its metadata is compressed: it names each retained snapshot, and is written
   * at each commit. Snapshots have no age after which Iceberg expires them by itself. Nova names
   * each one that expires.
   */
  private static EventTable create(CatalogAddress address, TableRules rules) {
    Schema schema = AvroSchemaUtil.toIceberg(EventSchema.avro());
    PartitionSpec byBatch =
        PartitionSpec.builderFor(schema).identity(EventSchema.BATCH_NUMBER).build();
    Map<String, String> properties = new HashMap<>(rules.asProperties());
    properties.put(TableProperties.FORMAT_VERSION, "2");
    properties.put(TableProperties.COMMIT_NUM_RETRIES, NO_RETRIES);
    properties.put(TableProperties.METADATA_DELETE_AFTER_COMMIT_ENABLED, "true");
    properties.put(TableProperties.METADATA_PREVIOUS_VERSIONS_MAX, KEPT_METADATA_FILES);
    properties.put(TableProperties.METADATA_COMPRESSION, GZIP);
    properties.put(TableProperties.MAX_SNAPSHOT_AGE_MS, Long.toString(Long.MAX_VALUE));
    properties.put(TableProperties.METRICS_MAX_INFERRED_COLUMN_DEFAULTS, "200");
    return new EventTable(
        address, TableCatalog.of(address).create(NAME, schema, byBatch, properties));
  }

  /** Iceberg's handle of the table. */
  public Table iceberg() {
    return table;
  }

  /** Loads the newest metadata into {@link #iceberg()}. Returns this table. */
  public EventTable refresh() {
    table.refresh();
    return this;
  }

  /** Where the table is registered. */
  public CatalogAddress catalog() {
    return catalog;
  }

  /** The folder of the table. */
  public String location() {
    return table.location();
  }

  /** The rules that were fixed when the table was created. */
  public TableRules rules() {
    return rules;
  }

  /** The folder of the data files. */
  public String dataFolder() {
    return table.location() + "/data";
  }
}
