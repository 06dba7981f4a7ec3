package io.nova.sql;

import io.nova.sql.scan.Warehouse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogDatabaseImpl;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.catalog.stats.CatalogTableStatistics;
import org.apache.flink.table.factories.Factory;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.PropertyUtil;

/**
 * The catalog of one Nova warehouse, read only: database {@code nova} with the table {@code
 * events}. It keeps nothing between calls, so it sees the table as soon as the job has made it.
 */
public final class NovaCatalog extends ReadOnlyCatalog {

  /** The only database. */
  public static final String DATABASE = "nova";

  /** The only table. */
  public static final String EVENTS = "events";

  private final Warehouse warehouse;

  /** A catalog by this name over a warehouse that {@link #open} will look for. */
  public NovaCatalog(String name, String defaultDatabase, Warehouse warehouse) {
    super(name, defaultDatabase);
    this.warehouse = warehouse;
  }

  @Override
  public void open() {
    if (!databaseExists(getDefaultDatabase())) {
      throw new CatalogException(
          "Option 'default-database': found "
              + getDefaultDatabase()
              + ", expected nova, the only database. No catalog was made.");
    }
    warehouse.check();
  }

  @Override
  public void close() {}

  @Override
  public Optional<Factory> getFactory() {
    return Optional.of(new NovaTableFactory());
  }

  @Override
  public List<String> listDatabases() {
    return List.of(DATABASE);
  }

  @Override
  public boolean databaseExists(String name) {
    return DATABASE.equals(name);
  }

  @Override
  public CatalogDatabase getDatabase(String name) throws DatabaseNotExistException {
    requireDatabase(name);
    return new CatalogDatabaseImpl(Map.of(), "Events of the warehouse " + warehouse.location());
  }

  @Override
  public List<String> listTables(String database) throws DatabaseNotExistException {
    requireDatabase(database);
    return warehouse.events().isPresent() ? List.of(EVENTS) : List.of();
  }

  @Override
  public List<String> listViews(String database) throws DatabaseNotExistException {
    requireDatabase(database);
    return List.of();
  }

  @Override
  public boolean tableExists(ObjectPath path) {
    return isEvents(path) && warehouse.events().isPresent();
  }

  /**
   * The table of this path.
   *
   * @throws TableNotExistException if the path names another table
   * @throws CatalogException if it names the events and the job has not made the table yet: Flink
   *     would hide a {@code TableNotExistException} behind a bare "not found"
   */
  @Override
  public CatalogBaseTable getTable(ObjectPath path) throws TableNotExistException {
    if (!isEvents(path)) {
      throw new TableNotExistException(getName(), path);
    }
    var table = warehouse.events().orElseThrow(() -> new CatalogException(warehouse.noTableYet()));
    return CatalogTable.newBuilder()
        .schema(new EventColumns(table.schema()).flinkSchema())
        .comment("Every admitted event that the table holds, each exactly once")
        .options(NovaTableFactory.optionsOf(warehouse))
        .build();
  }

  @Override
  public CatalogTableStatistics getTableStatistics(ObjectPath path) {
    return Optional.of(path)
        .filter(NovaCatalog::isEvents)
        .flatMap(events -> warehouse.events())
        .map(NovaCatalog::statistics)
        .orElse(CatalogTableStatistics.UNKNOWN);
  }

  private static CatalogTableStatistics statistics(Table table) {
    var snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return new CatalogTableStatistics(0, 0, 0, 0);
    }
    var summary = snapshot.summary();
    return new CatalogTableStatistics(
        PropertyUtil.propertyAsLong(summary, SnapshotSummary.TOTAL_RECORDS_PROP, -1),
        PropertyUtil.propertyAsInt(summary, SnapshotSummary.TOTAL_DATA_FILES_PROP, -1),
        PropertyUtil.propertyAsLong(summary, SnapshotSummary.TOTAL_FILE_SIZE_PROP, -1),
        -1);
  }

  private static boolean isEvents(ObjectPath path) {
    return path.equals(new ObjectPath(DATABASE, EVENTS));
  }

  private void requireDatabase(String name) throws DatabaseNotExistException {
    if (!databaseExists(name)) {
      throw new DatabaseNotExistException(getName(), name);
    }
  }
}
