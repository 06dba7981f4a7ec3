package io.nova.sql.system;

import static io.nova.sql.system.FlinkValues.bound;
import static io.nova.sql.system.FlinkValues.text;
import static io.nova.sql.system.FlinkValues.time;

import io.nova.live.protocol.PinnedView.OpenBlock;
import io.nova.shard.BlockFile;
import io.nova.sql.live.Cut;
import io.nova.sql.source.Warehouse;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.PropertyUtil;

/** Rows of the table {@code blocks}. */
final class BlockRows {
  private final Table table;
  private final List<RowData> rows = new ArrayList<>();

  private BlockRows(Table table) {
    this.table = table;
  }

  static List<RowData> of(Warehouse warehouse, Cut cut) {
    Table table =
        warehouse.events().orElseThrow(() -> new IllegalStateException(warehouse.noTableYet()));
    BlockRows blocks = new BlockRows(table);
    cut.views().forEach(view -> view.pinned().open().forEach(blocks::addOpen));
    cut.sealed().forEach(blocks::addSealed);
    cut.snapshotId()
        .ifPresent(id -> TableFileList.of(table, id, FileFormat.AVRO).forEach(blocks::addFile));
    return blocks.rows;
  }

  private void addOpen(OpenBlock block) {
    long from = block.interval() * micros("nova.block.interval-ms");
    long batch = Math.floorDiv(from, micros("nova.batch.length-ms"));
    rows.add(
        GenericRowData.of(
            batch,
            block.shard(),
            time(from),
            text("open"),
            block.rows(),
            block.bytes(),
            null,
            null));
  }

  private long micros(String property) {
    long millis = PropertyUtil.propertyAsLong(table.properties(), property, 0);
    if (millis <= 0) {
      throw new IllegalStateException(
          "Table %s: property %s is missing".formatted(table.location(), property));
    }
    return Math.multiplyExact(millis, 1000L);
  }

  /** Each block takes its share of the file, by rows. */
  private void addSealed(BlockFile file) {
    for (BlockFile.Block block : file.blocks()) {
      rows.add(
          GenericRowData.of(
              file.batchNumber(),
              block.shard(),
              time(file.uploadFromMicros()),
              text("sealed"),
              block.rows(),
              Math.round((double) file.sizeBytes() * block.rows() / file.rows()),
              block.sequence(),
              text(file.path())));
    }
  }

  private void addFile(DataFile file) {
    rows.add(
        GenericRowData.of(
            file.partition().get(0, Long.class),
            null,
            bound(file.lowerBounds(), table.schema(), "server_upload_time"),
            text("block_file"),
            file.recordCount(),
            file.fileSizeInBytes(),
            null,
            text(file.location())));
  }
}
