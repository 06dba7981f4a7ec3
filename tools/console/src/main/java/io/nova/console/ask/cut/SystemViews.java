package io.nova.console.ask.cut;

import io.nova.console.ask.AppendedValues;
import io.nova.iceberg.EventTable;
import io.nova.live.cut.Cut;
import io.nova.system.BatchRows;
import io.nova.system.BlockRows;
import io.nova.system.ChunkRows;
import io.nova.system.FreshnessRows;
import io.nova.system.RetainedSnapshotRows;
import io.nova.system.SystemRow;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/**
 * The system tables, with the columns and values of Flink SQL. They are small, so a question that
 * names one gets a temporary table with its rows.
 */
public final class SystemViews {
  private static final Map<String, String> COLUMNS =
      Map.of(
          "chunks",
          "file VARCHAR, batch_number BIGINT, row_count BIGINT, size_bytes BIGINT, min_upload_time"
              + " TIMESTAMPTZ, max_upload_time TIMESTAMPTZ, min_event_time TIMESTAMPTZ,"
              + " max_event_time TIMESTAMPTZ, snapshot_id BIGINT, completed BOOLEAN",
          "blocks",
          "batch_number BIGINT, shard INTEGER, interval_start TIMESTAMPTZ, state VARCHAR, row_count"
              + " BIGINT, size_bytes BIGINT, sequence BIGINT, file VARCHAR, completed BOOLEAN",
          "batches",
          "batch VARCHAR, batch_number BIGINT, from_time TIMESTAMPTZ, to_time TIMESTAMPTZ, state"
              + " VARCHAR, row_count BIGINT, file_count BIGINT, size_bytes BIGINT, link VARCHAR,"
              + " closed_at TIMESTAMPTZ, closed_by VARCHAR, completed_at TIMESTAMPTZ, completed_by"
              + " VARCHAR, forced BOOLEAN, withdrawn_at TIMESTAMPTZ, withdrawn_by VARCHAR,"
              + " removed_at TIMESTAMPTZ",
          "snapshots",
          "committed_at TIMESTAMPTZ, snapshot_id BIGINT, parent_id BIGINT, operation VARCHAR, link"
              + " VARCHAR, row_count BIGINT, file_count BIGINT, size_bytes BIGINT",
          "freshness",
          "shard INTEGER, kafka_partition INTEGER, newest_upload_time TIMESTAMPTZ,"
              + " newest_event_time TIMESTAMPTZ, live_rows BIGINT, live_bytes BIGINT, sealed_blocks"
              + " BIGINT");

  private SystemViews() {}

  /** Whether a table is one of these. */
  public static boolean has(String table) {
    return COLUMNS.containsKey(table);
  }

  /** The rows of a table for a cut. Blocks while it reads manifests. */
  static List<SystemRow> rows(String table, EventTable events, Cut cut) {
    return switch (table) {
      case "chunks" -> ChunkRows.of(events.iceberg(), cut);
      case "blocks" -> BlockRows.of(events, cut);
      case "batches" -> BatchRows.of(events);
      case "snapshots" -> RetainedSnapshotRows.of(events);
      case "freshness" -> FreshnessRows.of(cut);
      default -> throw new IllegalArgumentException("No system table is named " + table);
    };
  }

  /**
   * Makes the temporary table of a connection.
   *
   * @throws SQLException if DuckDB does not take it
   */
  public static void create(DuckDBConnection connection, String table, List<SystemRow> rows)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("CREATE TEMP TABLE %s (%s)".formatted(table, COLUMNS.get(table)));
    }
    try (DuckDBAppender out = connection.createAppender("temp", "main", table)) {
      for (SystemRow row : rows) {
        out.beginRow();
        for (Object value : row.values()) {
          AppendedValues.append(out, value);
        }
        out.endRow();
      }
    }
  }
}
