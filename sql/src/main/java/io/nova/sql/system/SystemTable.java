package io.nova.sql.system;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.BOOLEAN;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;

import io.nova.iceberg.EventTable;
import io.nova.system.BatchRows;
import io.nova.system.BlockRows;
import io.nova.system.ChunkRows;
import io.nova.system.FreshnessRows;
import io.nova.system.RetainedSnapshotRows;
import io.nova.system.SystemRow;
import io.nova.sql.source.Warehouse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.data.RowData;

/** The system tables, which describe the store itself. */
public enum SystemTable {
  /** The chunks of the table's current snapshot. */
  CHUNKS("The chunks of the table's current snapshot, with the bounds of their times") {
    @Override
    public Schema columns() {
      return Schema.newBuilder()
          .column("file", STRING().notNull())
          .column("batch_number", BIGINT().notNull())
          .column("row_count", BIGINT().notNull())
          .column("size_bytes", BIGINT().notNull())
          .column("min_upload_time", TIMESTAMP_LTZ(6))
          .column("max_upload_time", TIMESTAMP_LTZ(6))
          .column("min_event_time", TIMESTAMP_LTZ(6))
          .column("max_event_time", TIMESTAMP_LTZ(6))
          .column("snapshot_id", BIGINT().notNull())
          .column("completed", BOOLEAN().notNull())
          .build();
    }

    @Override
    List<RowData> rows(Warehouse warehouse, CutReader cuts) {
      return ofTable(warehouse, ChunkRows::of);
    }
  },

  /** Open blocks, sealed blocks, and block files that are not merged. */
  BLOCKS("Blocks that are not merged into chunks: open, sealed, or block files of the table") {
    @Override
    public Schema columns() {
      return Schema.newBuilder()
          .column("batch_number", BIGINT().notNull())
          .column("shard", INT())
          .column("interval_start", TIMESTAMP_LTZ(6))
          .column("state", STRING().notNull())
          .column("row_count", BIGINT().notNull())
          .column("size_bytes", BIGINT().notNull())
          .column("sequence", BIGINT())
          .column("file", STRING())
          .column("completed", BOOLEAN().notNull())
          .build();
    }

    @Override
    List<RowData> rows(Warehouse warehouse, CutReader cuts) {
      return cuts.read(cut -> FlinkValues.rows(BlockRows.of(warehouse.table(), cut)));
    }
  },

  /** The batches that the table knows. */
  BATCHES("The batches that the table knows: open, closed, handed off") {
    @Override
    public Schema columns() {
      return Schema.newBuilder()
          .column("batch", STRING().notNull())
          .column("batch_number", BIGINT().notNull())
          .column("from_time", TIMESTAMP_LTZ(3).notNull())
          .column("to_time", TIMESTAMP_LTZ(3).notNull())
          .column("state", STRING().notNull())
          .column("row_count", BIGINT())
          .column("file_count", BIGINT())
          .column("size_bytes", BIGINT())
          .column("link", STRING())
          .column("closed_at", TIMESTAMP_LTZ(3))
          .column("closed_by", STRING())
          .column("completed_at", TIMESTAMP_LTZ(3))
          .column("completed_by", STRING())
          .column("forced", BOOLEAN().notNull())
          .column("withdrawn_at", TIMESTAMP_LTZ(3))
          .column("withdrawn_by", STRING())
          .column("removed_at", TIMESTAMP_LTZ(3))
          .build();
    }

    @Override
    List<RowData> rows(Warehouse warehouse, CutReader cuts) {
      return ofTable(warehouse, BatchRows::of);
    }
  },

  /** The retained snapshots of the table. */
  SNAPSHOTS("The retained snapshots of the table, which a query can name as its past") {
    @Override
    public Schema columns() {
      return Schema.newBuilder()
          .column("committed_at", TIMESTAMP_LTZ(3).notNull())
          .column("snapshot_id", BIGINT().notNull())
          .column("parent_id", BIGINT())
          .column("operation", STRING())
          .column("link", STRING())
          .column("row_count", BIGINT())
          .column("file_count", BIGINT())
          .column("size_bytes", BIGINT())
          .build();
    }

    @Override
    List<RowData> rows(Warehouse warehouse, CutReader cuts) {
      return ofTable(warehouse, RetainedSnapshotRows::of);
    }
  },

  /** The newest times of admitted events, and the rows that are not in the table. */
  FRESHNESS(
      "The newest times of admitted events by shard and partition, and by shard the rows that are"
          + " not in the table") {
    @Override
    public Schema columns() {
      return Schema.newBuilder()
          .column("shard", INT().notNull())
          .column("kafka_partition", INT())
          .column("newest_upload_time", TIMESTAMP_LTZ(6))
          .column("newest_event_time", TIMESTAMP_LTZ(6))
          .column("live_rows", BIGINT())
          .column("live_bytes", BIGINT())
          .column("sealed_blocks", BIGINT())
          .build();
    }

    @Override
    List<RowData> rows(Warehouse warehouse, CutReader cuts) {
      return cuts.read(cut -> FlinkValues.rows(FreshnessRows.of(cut)));
    }
  };

  private final String comment;

  SystemTable(String comment) {
    this.comment = comment;
  }

  /** Iceberg's own name of {@code snapshots} in Flink SQL. */
  private static final String ICEBERG_SNAPSHOTS = "events$snapshots";

  /** The system table with this name. */
  public static Optional<SystemTable> of(String name) {
    return name.equals(ICEBERG_SNAPSHOTS)
        ? Optional.of(SNAPSHOTS)
        : Arrays.stream(values()).filter(table -> table.title().equals(name)).findFirst();
  }

  /** The name of the table in SQL. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The comment of the table in the catalog. */
  public String comment() {
    return comment;
  }

  /** The columns of the table. */
  public abstract Schema columns();

  private static List<RowData> ofTable(
      Warehouse warehouse, Function<EventTable, List<SystemRow>> rows) {
    return warehouse.find().map(rows).map(FlinkValues::rows).orElse(List.of());
  }

  /** The current rows. */
  abstract List<RowData> rows(Warehouse warehouse, CutReader cuts);
}
