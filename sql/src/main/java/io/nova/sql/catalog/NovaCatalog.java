package io.nova.sql.catalog;

import io.nova.sql.procedure.BatchAccess;
import io.nova.sql.procedure.BatchProcedure;
import io.nova.sql.source.Warehouse;
import io.nova.sql.system.SystemTable;
import io.nova.sql.table.EventColumns;
import io.nova.sql.table.NovaTableFactory;
import io.nova.sql.table.TimeTravel;
import io.nova.sql.topic.TopicAccess;
import io.nova.sql.topic.TopicTable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.table.catalog.CatalogBaseTable;
import org.apache.flink.table.catalog.CatalogDatabase;
import org.apache.flink.table.catalog.CatalogDatabaseImpl;
import org.apache.flink.table.catalog.CatalogTable;
import org.apache.flink.table.catalog.ObjectPath;
import org.apache.flink.table.catalog.exceptions.CatalogException;
import org.apache.flink.table.catalog.exceptions.DatabaseNotExistException;
import org.apache.flink.table.catalog.exceptions.ProcedureNotExistException;
import org.apache.flink.table.catalog.exceptions.TableNotExistException;
import org.apache.flink.table.catalog.stats.CatalogTableStatistics;
import org.apache.flink.table.factories.Factory;
import org.apache.flink.table.procedures.Procedure;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotSummary;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.PropertyUtil;

/**
 * The read-only catalog of one Nova warehouse. Its database {@code nova} has the tables {@code
 * events} and {@code lambda_events}, and the system tables. It has the views {@code rejected} and
 * {@code duplicates} if the broker is known. Its database {@code sys} has the procedures. The
 * catalog caches nothing, so a new table is visible at once.
 */
public final class NovaCatalog extends ReadOnlyCatalog {
  /** The database of the tables. */
  public static final String DATABASE = "nova";

  /** The database of the procedures. */
  public static final String SYSTEM = "sys";

  /** The table of all admitted events. */
  public static final String EVENTS = "events";

  /** The table of the batch layer's events and, after them, Nova's. */
  public static final String LAMBDA_EVENTS = "lambda_events";

  private final Warehouse warehouse;
  private final Optional<TopicAccess> topics;
  private final BatchAccess batches;
  private final Map<String, String> readOptions;
  private final String token;

  /**
   * A catalog over a warehouse, which {@link #open} checks.
   *
   * @param topics access to the job's topics, if the broker is known
   * @param batches access for the procedures
   * @param readOptions default options of the tables, by name
   * @param token the token that the job's live servers expect; may be empty
   */
  public NovaCatalog(
      String name,
      String defaultDatabase,
      Warehouse warehouse,
      Optional<TopicAccess> topics,
      BatchAccess batches,
      Map<String, String> readOptions,
      String token) {
    super(name, defaultDatabase);
    this.warehouse = warehouse;
    this.topics = topics;
    this.batches = batches;
    this.readOptions = Map.copyOf(readOptions);
    this.token = token;
  }

  @Override
  public void open() {
    if (!DATABASE.equals(getDefaultDatabase())) {
      throw new CatalogException(
          "Option 'default-database': found "
              + getDefaultDatabase()
              + ", expected nova, the database of the tables. No catalog was made.");
    }
    warehouse.check();
  }

  @Override
  public void close() {}

  @Override
  public Optional<Factory> getFactory() {
    return Optional.of(
        new NovaTableFactory(
            token, warehouse, topics.map(TopicAccess::clientOptions).orElse(Map.of())));
  }

  @Override
  public List<String> listDatabases() {
    return List.of(DATABASE, SYSTEM);
  }

  @Override
  public boolean databaseExists(String name) {
    return DATABASE.equals(name) || SYSTEM.equals(name);
  }

  @Override
  public CatalogDatabase getDatabase(String name) throws DatabaseNotExistException {
    requireDatabase(name);
    String content = name.equals(SYSTEM) ? "Procedures" : "Events";
    return new CatalogDatabaseImpl(Map.of(), content + " of the warehouse " + warehouse.location());
  }

  @Override
  public List<String> listTables(String database) throws DatabaseNotExistException {
    Stream<String> views = listViews(database).stream();
    return database.equals(SYSTEM) || warehouse.find().isEmpty()
        ? views.toList()
        : Stream.of(Stream.of(EVENTS, LAMBDA_EVENTS), systemTables(), views)
            .flatMap(names -> names)
            .toList();
  }

  private static Stream<String> systemTables() {
    return Arrays.stream(SystemTable.values()).map(SystemTable::title);
  }

  @Override
  public List<String> listViews(String database) throws DatabaseNotExistException {
    requireDatabase(database);
    return database.equals(SYSTEM) || topics.isEmpty()
        ? List.of()
        : TopicTable.ALL.stream().map(TopicTable::name).toList();
  }

  @Override
  public boolean tableExists(ObjectPath path) {
    return topicTable(path).isPresent()
        ? topics.isPresent()
        : (isEvents(path) || isLambda(path) || systemTable(path).isPresent())
            && warehouse.find().isPresent();
  }

  /**
   * The table or view at this path.
   *
   * @throws TableNotExistException if the catalog has no such name
   * @throws CatalogException if the job has not made the table yet, or the broker of a topic is not
   *     known. For a {@code TableNotExistException} Flink would report "not found" alone
   */
  @Override
  public CatalogBaseTable getTable(ObjectPath path) throws TableNotExistException {
    Optional<TopicTable> topic = topicTable(path);
    if (topic.isPresent()) {
      return ofTopic(topic.get(), path);
    }
    Optional<SystemTable> system = systemTable(path);
    if (system.isEmpty() && !isEvents(path) && !isLambda(path)) {
      throw new TableNotExistException(getName(), path);
    }
    EventColumns columns = new EventColumns(warehouse.table().iceberg().schema());
    return system
        .map(this::ofSystem)
        .orElseGet(() -> isLambda(path) ? lambdaEvents(columns) : events(columns));
  }

  /**
   * The table as a committed query would have read it at this time.
   *
   * @param timeMs milliseconds since 1970
   * @throws TableNotExistException if the catalog has no such name
   * @throws CatalogException if the table has no past, or no retained snapshot was current then
   */
  @Override
  public CatalogBaseTable getTable(ObjectPath path, long timeMs) throws TableNotExistException {
    CatalogBaseTable now = getTable(path);
    if (!isEvents(path) && !isLambda(path)) {
      throw new CatalogException(
          "FOR SYSTEM_TIME AS OF: found table %s, which has no past. Expected events or lambda_events. Nothing is read."
              .formatted(path.getObjectName()));
    }
    Map<String, String> options = new HashMap<>(now.getOptions());
    options.putAll(TimeTravel.options(warehouse, timeMs, isLambda(path)));
    return ((CatalogTable) now).copy(options);
  }

  private CatalogBaseTable lambdaEvents(EventColumns columns) {
    Map<String, String> options = NovaTableFactory.optionsOf(warehouse, readOptions);
    options.put(NovaTableFactory.LAMBDA.key(), "true");
    return CatalogTable.newBuilder()
        .schema(columns.lambdaSchema())
        .comment("The batch layer's events of completed batches, and Nova's of all others")
        .options(options)
        .build();
  }

  private CatalogBaseTable events(EventColumns columns) {
    return CatalogTable.newBuilder()
        .schema(columns.flinkSchema())
        .comment("All admitted events of batches that are not completed, each exactly once")
        .options(NovaTableFactory.optionsOf(warehouse, readOptions))
        .build();
  }

  private static Optional<SystemTable> systemTable(ObjectPath path) {
    return path.getDatabaseName().equals(DATABASE)
        ? SystemTable.of(path.getObjectName())
        : Optional.empty();
  }

  private CatalogBaseTable ofSystem(SystemTable system) {
    Map<String, String> options = NovaTableFactory.optionsOf(warehouse, readOptions);
    options.put(NovaTableFactory.SYSTEM_TABLE.key(), system.title());
    return CatalogTable.newBuilder()
        .schema(system.columns())
        .comment(system.comment())
        .options(options)
        .build();
  }

  private static Optional<TopicTable> topicTable(ObjectPath path) {
    return TopicTable.ALL.stream()
        .filter(topic -> path.getDatabaseName().equals(DATABASE))
        .filter(topic -> List.of(topic.name(), topic.logName()).contains(path.getObjectName()))
        .findFirst();
  }

  private CatalogBaseTable ofTopic(TopicTable topic, ObjectPath path) {
    TopicAccess known =
        topics.orElseThrow(
            () ->
                new CatalogException(
                    ("Table %s: it is a Kafka topic, and catalog %s does not know the broker. Create "
                            + "the catalog with the option 'kafka.bootstrap-servers' = 'HOST:PORT', as in "
                            + "the job's nova.kafka.bootstrap-servers.")
                        .formatted(path.getObjectName(), getName())));
    return path.getObjectName().equals(topic.logName())
        ? topic.log(known)
        : topic.view("`" + getName().replace("`", "``") + "`.`" + DATABASE + "`.");
  }

  @Override
  public CatalogTableStatistics getTableStatistics(ObjectPath path) {
    return Optional.of(path)
        .filter(NovaCatalog::isEvents)
        .flatMap(events -> warehouse.find())
        .map(table -> statistics(table.iceberg()))
        .orElse(CatalogTableStatistics.UNKNOWN);
  }

  private static CatalogTableStatistics statistics(Table table) {
    Snapshot snapshot = table.currentSnapshot();
    if (snapshot == null) {
      return CatalogTableStatistics.UNKNOWN;
    }
    Map<String, String> summary = snapshot.summary();
    if (PropertyUtil.propertyAsLong(summary, SnapshotSummary.TOTAL_RECORDS_PROP, 0) == 0) {
      return CatalogTableStatistics.UNKNOWN; // all events may be in live views
    }
    return new CatalogTableStatistics(
        PropertyUtil.propertyAsLong(summary, SnapshotSummary.TOTAL_RECORDS_PROP, -1),
        PropertyUtil.propertyAsInt(summary, SnapshotSummary.TOTAL_DATA_FILES_PROP, -1),
        PropertyUtil.propertyAsLong(summary, SnapshotSummary.TOTAL_FILE_SIZE_PROP, -1),
        -1);
  }

  @Override
  public List<String> listProcedures(String database) throws DatabaseNotExistException {
    requireDatabase(database);
    return database.equals(SYSTEM)
        ? Arrays.stream(BatchProcedure.values()).map(BatchProcedure::title).toList()
        : List.of();
  }

  @Override
  public Procedure getProcedure(ObjectPath path) throws ProcedureNotExistException {
    return BatchProcedure.of(path.getObjectName())
        .filter(known -> path.getDatabaseName().equals(SYSTEM))
        .map(known -> known.on(batches))
        .orElseThrow(() -> new ProcedureNotExistException(getName(), path));
  }

  private static boolean isLambda(ObjectPath path) {
    return path.equals(new ObjectPath(DATABASE, LAMBDA_EVENTS));
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
