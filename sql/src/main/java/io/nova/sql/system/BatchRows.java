package io.nova.sql.system;

import static io.nova.sql.system.FlinkValues.text;

import io.nova.handoff.BatchName;
import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.BatchTags;
import io.nova.kafka.batches.client.BatchLine;
import io.nova.kafka.batches.client.TableBatches;
import io.nova.sql.source.Warehouse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.data.TimestampData;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.SnapshotRef;
import org.apache.iceberg.Table;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the system table {@code batches}: one for each batch that has files in the table's
 * head, is closed, or has a tag. All of it comes from the table's metadata.
 */
final class BatchRows {
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

  static List<RowData> of(Warehouse warehouse) {
    return warehouse.find().map(table -> new BatchRows(table).all()).orElse(List.of());
  }

  private Map<Long, Size> sizes(Optional<Long> snapshotId) {
    return snapshotId.map(id -> TableFileList.of(table, id)).orElse(List.of()).stream()
        .collect(
            Collectors.toMap(
                file -> file.partition().get(0, Long.class), Size::of, Size::plus, TreeMap::new));
  }

  private List<RowData> all() {
    TreeSet<Long> known = new TreeSet<>(lines.keySet());
    known.addAll(inHead.keySet());
    return known.stream().map(this::row).toList();
  }

  private RowData row(long batch) {
    Optional<BatchLine> line = Optional.ofNullable(lines.get(batch));
    Optional<Size> size = size(batch);
    return GenericRowData.of(
        text(BatchName.of(batch, batchLength)),
        batch,
        begin(batch),
        begin(batch + 1),
        text(line.map(BatchLine::state).orElse(stateWithoutTag(batch)).title()),
        size.map(Size::rows).or(() -> line.map(BatchLine::rows)).orElse(null),
        size.map(Size::files).orElse(null),
        size.map(Size::bytes).orElse(null),
        string(line, BatchLine::link),
        time(line, BatchLine::closedAt),
        string(line, BatchLine::closedBy),
        time(line, BatchLine::completedAt),
        string(line, BatchLine::completedBy),
        line.map(BatchLine::forced).orElse(false),
        time(line, BatchLine::withdrawnAt),
        string(line, BatchLine::withdrawnBy),
        time(line, BatchLine::removedAt));
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

  private TimestampData begin(long batch) {
    return TimestampData.fromInstant(BatchName.begin(batch, batchLength));
  }

  private static @Nullable TimestampData time(
      Optional<BatchLine> line, Function<BatchLine, @Nullable Instant> when) {
    return line.map(when).map(TimestampData::fromInstant).orElse(null);
  }

  private static @Nullable StringData string(
      Optional<BatchLine> line, Function<BatchLine, @Nullable String> value) {
    return line.map(value).map(StringData::fromString).orElse(null);
  }
}
