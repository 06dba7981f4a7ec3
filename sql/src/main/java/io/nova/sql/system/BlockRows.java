package io.nova.sql.system;

import static io.nova.sql.source.Instants.ofMicros;
import static io.nova.sql.system.FlinkValues.bound;
import static io.nova.sql.system.FlinkValues.text;

import io.nova.iceberg.EventTable;
import io.nova.live.cut.Cut;
import io.nova.live.protocol.PinnedView.OpenBlock;
import io.nova.shard.BlockFile;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.Instants;
import io.nova.sql.source.Warehouse;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.jspecify.annotations.Nullable;

/** The rows of the system table {@code blocks}. */
final class BlockRows {
  private final EventTable table;
  private final long completed;
  private final List<RowData> rows = new ArrayList<>();

  private BlockRows(EventTable table, long completed) {
    this.table = table;
    this.completed = completed;
  }

  static List<RowData> of(Warehouse warehouse, Cut cut) {
    EventTable table = warehouse.table();
    BlockRows blocks = new BlockRows(table, cut.completed());
    cut.views().forEach(view -> view.pinned().open().forEach(blocks::addOpen));
    cut.sealed().forEach(blocks::addSealed);
    cut.snapshotId()
        .ifPresent(
            id -> TableFileList.of(table.iceberg(), id, FileFormat.AVRO).forEach(blocks::addFile));
    return blocks.rows;
  }

  private void addOpen(OpenBlock block) {
    long from = table.rules().startMicros(block.interval());
    rows.add(
        GenericRowData.of(
            table.rules().batchOf(from),
            block.shard(),
            ofMicros(from),
            text("open"),
            block.rows(),
            block.bytes(),
            null,
            null,
            isCompleted(table.rules().batchOf(from))));
  }

  private boolean isCompleted(long batch) {
    return batch <= completed;
  }

  /** The size of a block is its share of the file's bytes, by rows. */
  private void addSealed(BlockFile file) {
    for (BlockFile.Block block : file.blocks()) {
      rows.add(
          GenericRowData.of(
              file.batchNumber(),
              block.shard(),
              ofMicros(table.rules().intervalStartMicros(file.uploadFromMicros())),
              text("sealed"),
              block.rows(),
              Math.round((double) file.sizeBytes() * block.rows() / file.rows()),
              block.sequence(),
              text(file.path()),
              isCompleted(file.batchNumber())));
    }
  }

  private void addFile(DataFile file) {
    long batch = file.partition().get(0, Long.class);
    rows.add(
        GenericRowData.of(
            batch,
            null,
            intervalStart(file),
            text("block_file"),
            file.recordCount(),
            file.fileSizeInBytes(),
            null,
            text(file.location()),
            isCompleted(batch)));
  }

  private @Nullable TimestampData intervalStart(DataFile file) {
    TimestampData least =
        bound(file.lowerBounds(), table.iceberg().schema(), EventScan.SERVER_UPLOAD_TIME);
    return least == null
        ? null
        : ofMicros(table.rules().intervalStartMicros(Instants.toMicros(least)));
  }
}
