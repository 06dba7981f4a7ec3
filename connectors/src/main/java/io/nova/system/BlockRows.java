package io.nova.system;

import io.nova.iceberg.EventTable;
import io.nova.live.cut.Cut;
import io.nova.live.protocol.PinnedView.OpenBlock;
import io.nova.shard.BlockFile;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileFormat;
import org.jspecify.annotations.Nullable;

/** The rows of the system table {@code blocks}. */
public final class BlockRows {
  private final EventTable table;
  private final long completed;
  private final List<SystemRow> rows = new ArrayList<>();

  private BlockRows(EventTable table, long completed) {
    this.table = table;
    this.completed = completed;
  }

  /** The rows of a cut. Blocks while it reads manifests. */
  public static List<SystemRow> of(EventTable table, Cut cut) {
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
        SystemRow.of(
            table.rules().batchOf(from),
            block.shard(),
            SystemRow.instant(from),
            "open",
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
          SystemRow.of(
              file.batchNumber(),
              block.shard(),
              SystemRow.instant(table.rules().intervalStartMicros(file.uploadFromMicros())),
              "sealed",
              block.rows(),
              Math.round((double) file.sizeBytes() * block.rows() / file.rows()),
              block.sequence(),
              file.path(),
              isCompleted(file.batchNumber())));
    }
  }

  private void addFile(DataFile file) {
    long batch = file.partition().get(0, Long.class);
    rows.add(
        SystemRow.of(
            batch,
            null,
            intervalStart(file),
            "block_file",
            file.recordCount(),
            file.fileSizeInBytes(),
            null,
            file.location(),
            isCompleted(batch)));
  }

  private @Nullable Instant intervalStart(DataFile file) {
    Instant least =
        TableFileList.bound(
            file.lowerBounds(), table.iceberg().schema(), TableFileList.UPLOAD_TIME);
    return least == null
        ? null
        : SystemRow.instant(
            table.rules().intervalStartMicros(ChronoUnit.MICROS.between(Instant.EPOCH, least)));
  }
}
