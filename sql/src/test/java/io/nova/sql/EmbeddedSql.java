package io.nova.sql;

import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/** Flink SQL in this JVM on a warehouse, with the metrics of the last query. */
final class EmbeddedSql {
  private static final String COMMITTED = ", 'read' = 'committed'";

  private final TableEnvironment tables;

  /**
   * The cost of a query.
   *
   * @param rows rows that the source returned
   * @param bytes bytes read from files
   */
  record Cost(
      long rows, long bytes, long files, long filesSkipped, long groups, long groupsSkipped) {}

  private EmbeddedSql(TableEnvironment tables) {
    this.tables = tables;
  }

  /** A batch session of committed reads, for a table without a job. */
  static EmbeddedSql batch(String warehouse) {
    return open(warehouse, COMMITTED, EnvironmentSettings.newInstance().inBatchMode());
  }

  /** A streaming session of committed reads. */
  static EmbeddedSql streaming(String warehouse) {
    return open(warehouse, COMMITTED, EnvironmentSettings.newInstance().inStreamingMode());
  }

  /** A batch session with more options of the catalog, such as {@code , 'read' = 'live'}. */
  static EmbeddedSql batch(String warehouse, String reading) {
    return open(warehouse, reading, EnvironmentSettings.newInstance().inBatchMode());
  }

  private static EmbeddedSql open(
      String warehouse, String reading, EnvironmentSettings.Builder settings) {
    Configuration configuration = FlinkMiniCluster.client();
    configuration.setString("parallelism.default", "2");
    configuration.setString("table.local-time-zone", "UTC");
    EmbeddedSql session =
        new EmbeddedSql(TableEnvironment.create(settings.withConfiguration(configuration).build()));
    session.run(
        "CREATE CATALOG nova WITH ('type' = 'nova', 'warehouse' = '%s'%s)"
            .formatted(warehouse, reading));
    session.run("USE CATALOG nova");
    return session;
  }

  TableEnvironment tables() {
    return tables;
  }

  void run(String statement) {
    tables.executeSql(statement);
  }

  List<Row> query(String select) {
    CapturedMetrics.clear();
    ArrayList<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> result = tables.executeSql(select).collect()) {
      result.forEachRemaining(rows::add);
      return rows;
    } catch (Exception failed) {
      throw new AssertionError(select, failed);
    }
  }

  Row one(String select) {
    List<Row> rows = query(select);
    if (rows.size() != 1) {
      throw new AssertionError("Expected one row, found " + rows + " for " + select);
    }
    return rows.get(0);
  }

  Cost cost() {
    return new Cost(
        CapturedMetrics.sum("numRecordsIn"),
        CapturedMetrics.sum("numBytesIn"),
        CapturedMetrics.sum("nova.filesRead"),
        CapturedMetrics.sum("nova.filesSkipped"),
        CapturedMetrics.sum("nova.rowGroupsRead"),
        CapturedMetrics.sum("nova.rowGroupsSkipped"));
  }
}
