package io.nova.sql.system;

import static org.apache.flink.table.api.DataTypes.BIGINT;
import static org.apache.flink.table.api.DataTypes.INT;
import static org.apache.flink.table.api.DataTypes.STRING;
import static org.apache.flink.table.api.DataTypes.TIMESTAMP_LTZ;

import io.nova.sql.source.Warehouse;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.data.RowData;

/** A table about the store itself. */
public enum SystemTable {
  /** The Parquet files of the table's current snapshot. */
  CHUNKS("Chunks of the table's snapshot: files with the bounds of the times in them") {
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
          .build();
    }

    @Override
    List<RowData> rows(Warehouse warehouse, CutReader views) {
      return ChunkRows.of(warehouse);
    }
  },

  /** Open and sealed blocks, and the block files that are not merged yet. */
  BLOCKS(
      "Blocks that are no chunk yet: open in memory, sealed on their way, block files in the table") {
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
          .build();
    }

    @Override
    List<RowData> rows(Warehouse warehouse, CutReader views) {
      return views.read(cut -> BlockRows.of(warehouse, cut));
    }
  },

  /** How far admitted events have come, and what is in memory. */
  FRESHNESS(
      "For each shard and partition the newest admitted times; for each shard what is not in the"
          + " table") {
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
    List<RowData> rows(Warehouse warehouse, CutReader views) {
      return views.read(FreshnessRows::of);
    }
  };

  private final String comment;

  SystemTable(String comment) {
    this.comment = comment;
  }

  /** The table of this name. */
  public static Optional<SystemTable> of(String name) {
    return Arrays.stream(values()).filter(table -> table.title().equals(name)).findFirst();
  }

  /** What it is called. */
  public String title() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What it says of itself. */
  public String comment() {
    return comment;
  }

  /** Its columns. */
  public abstract Schema columns();

  /** Its rows now. */
  abstract List<RowData> rows(Warehouse warehouse, CutReader views);
}
