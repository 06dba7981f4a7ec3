package io.nova.system;

import io.nova.handoff.BatchName;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.BatchTags;
import io.nova.kafka.batches.client.BatchLine;
import io.nova.kafka.batches.client.TableBatches;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;

/**
 * The rows of the system table {@code batches}: one for each batch that has files in the table's
 * head, is closed, or has a tag. All of it comes from the table's metadata.
 */
public final class BatchRows {
  private final Table table;
  private final Duration batchLength;
  private final TableBatches batches;
  private final Map<Long, BatchLine> lines;
  private final Map<Long, Size> inHead;

  /**
   * The size of a batch in a snapshot.
   *
   * @param rows number of its events
   * @param files number of its files
   * @param bytes the size of these files
   */
  private record Size(long rows, long files, long bytes) {
    static final Size NOTHING = new Size(0, 0, 0);

    static Size of(DataFile file) {
      return new Size(file.recordCount(), 1, file.fileSizeInBytes());
    }

    Size plus(Size other) {
      return new Size(rows + other.rows, files + other.files, bytes + other.bytes);
    }
  }

  private BatchRows(EventTable events) {
    this.table = events.iceberg();
    this.batchLength = events.rules().batchLength();
    this.batches = TableBatches.of(table);
    this.lines =
        BatchLine.of(batches, batchLength).stream()
            .collect(Collectors.toMap(BatchLine::batch, line -> line));
    this.inHead = sizes(Optional.ofNullable(table.currentSnapshot()).map(Snapshot::snapshotId));
  }

  /** The rows of a table, whose newest metadata is loaded. Blocks while it reads manifests. */
  public static List<SystemRow> of(EventTable table) {
    return new BatchRows(table).all();
  }

  private Map<Long, Size> sizes(Optional<Long> snapshotId) {
    return snapshotId.map(id -> TableFileList.of(table, id)).orElse(List.of()).stream()
        .collect(
            Collectors.toMap(
                file -> file.partition().get(0, Long.class), Size::of, Size::plus, TreeMap::new));
  }

  private List<SystemRow> all() {
    TreeSet<Long> known = new TreeSet<>(lines.keySet());
    known.addAll(inHead.keySet());
    return known.stream().map(this::row).toList();
  }

  private SystemRow row(long batch) {
    Optional<BatchLine> line = Optional.ofNullable(lines.get(batch));
    Optional<Size> size = size(batch);
    return SystemRow.of(
        BatchName.of(batch, batchLength),
        batch,
        begin(batch),
        begin(batch + 1),
        line.map(BatchLine::state).orElse(stateWithoutTag(batch)).title(),
        size.map(Size::rows).or(() -> line.map(BatchLine::rows)).orElse(null),
        size.map(Size::files).orElse(null),
        size.map(Size::bytes).orElse(null),
        line.map(BatchLine::link).orElse(null),
        line.map(BatchLine::closedAt).orElse(null),
        line.map(BatchLine::closedBy).orElse(null),
        line.map(BatchLine::completedAt).orElse(null),
        line.map(BatchLine::completedBy).orElse(null),
        line.map(BatchLine::forced).orElse(false),
        line.map(BatchLine::withdrawnAt).orElse(null),
        line.map(BatchLine::withdrawnBy).orElse(null),
        line.map(BatchLine::removedAt).orElse(null));
  }

  /** A batch without a tag is open, unless a later one was completed. */
  private BatchLine.State stateWithoutTag(long batch) {
    return batches.handoff().isCompleted(batch) ? BatchLine.State.COMPLETED : BatchLine.State.OPEN;
  }

  /** The size in the head, else in the batch's tag; empty where neither has the batch. */
  private Optional<Size> size(long batch) {
    SnapshotRef tag = table.refs().get(BatchTags.name(batch));
    return Optional.ofNullable(inHead.get(batch))
        .or(
            () ->
                Optional.ofNullable(tag)
                    .map(found -> sizes(Optional.of(found.snapshotId())))
                    .map(sizes -> sizes.getOrDefault(batch, Size.NOTHING)));
  }

  private Instant begin(long batch) {
    return BatchName.begin(batch, batchLength);
  }
}
