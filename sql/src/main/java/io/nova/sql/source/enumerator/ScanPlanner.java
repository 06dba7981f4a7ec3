package io.nova.sql.source.enumerator;

import io.nova.live.cut.Cut;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.split.FileRange;
import io.nova.sql.source.split.FileRange.Layer;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.SplitPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.iceberg.CombinedScanTask;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.IncrementalAppendScan;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.metrics.CounterResult;
import org.apache.iceberg.metrics.InMemoryMetricsReporter;
import org.apache.iceberg.metrics.ScanMetricsResult;
import org.apache.iceberg.util.TableScanUtil;
import org.jspecify.annotations.Nullable;

/** Plans splits of the files of a snapshot that the scan's filter does not exclude. */
public final class ScanPlanner {
  private static final long SMALLEST_SPLIT_BYTES = 8L << 20;
  private static final long LARGEST_SPLIT_BYTES = 64L << 20;

  /** The cost of opening a file, in bytes that could be read in the same time. */
  private static final long OPEN_COST_BYTES = 1L << 20;

  /** Several splits for each reader, so that a slow reader gets fewer. */
  private static final int SPLITS_PER_READER = 3;

  private static final int LOOKBACK = 10;

  private ScanPlanner() {}

  /**
   * The splits and figures of a plan.
   *
   * @param splits the splits to read
   * @param filesPlanned files in the splits
   * @param filesSkipped files excluded by their statistics or batch number
   * @param manifestsSkipped manifests excluded as a whole
   */
  public record Plan(
      List<ScanSplit> splits, int filesPlanned, long filesSkipped, long manifestsSkipped) {
    static final Plan EMPTY = new Plan(List.of(), 0, 0, 0);

    /** Both plans as one. */
    Plan and(Plan other) {
      return new Plan(
          Stream.concat(splits.stream(), other.splits.stream()).toList(),
          filesPlanned + other.filesPlanned,
          filesSkipped + other.filesSkipped,
          manifestsSkipped + other.manifestsSkipped);
    }
  }

  /**
   * The committed cut of a scan: of the snapshot that it names, else of the current one.
   *
   * @throws IllegalArgumentException if the table does not have the named snapshot
   */
  public static Cut committed(Table table, EventScan scan) {
    EventScan.Past past = scan.past();
    if (past == null) {
      return Cut.committed(table);
    }
    Snapshot named = table.snapshot(past.snapshotId());
    if (named == null) {
      throw new IllegalArgumentException(
          ("Table nova.events: there is no snapshot %s; it may have expired. Nothing is read. The "
                  + "table's snapshots: %s")
              .formatted(past.snapshotId(), ids(table)));
    }
    return Cut.committed(named, past.completed())
        .withBatches(Optional.ofNullable(past.batchSnapshotId()));
  }

  private static List<Long> ids(Table table) {
    ArrayList<Long> ids = new ArrayList<>();
    table.snapshots().forEach(snapshot -> ids.add(snapshot.snapshotId()));
    return ids;
  }

  /**
   * Plans all files of a snapshot. Blocks while it reads manifests.
   *
   * @param readers number of readers that share the splits
   * @param token the token in the splits; may be empty
   */
  public static Plan plan(Table table, EventScan scan, long snapshotId, int readers, String token) {
    return plan(Layer.EVENTS, table, scan, snapshotId, readers, token);
  }

  /**
   * Plans all files of a snapshot of one of the tables. Blocks while it reads manifests.
   *
   * @param scan a scan of that table
   * @param readers number of readers that share the splits
   * @param token the token in the splits; may be empty
   */
  static Plan plan(
      Layer layer, Table table, EventScan scan, long snapshotId, int readers, String token) {
    InMemoryMetricsReporter reporter = new InMemoryMetricsReporter();
    TableScan planned =
        table.newScan().useSnapshot(snapshotId).filter(scan.filter()).metricsReporter(reporter);
    List<FileScanTask> files = toList(planned.planFiles());
    files.forEach(ScanPlanner::requireNoDeletes);
    ScanMetricsResult figures = reporter.scanReport().scanMetrics();
    return new Plan(
        split(layer, files, scan, snapshotId, readers, token),
        files.size(),
        valueOf(figures.skippedDataFiles()),
        valueOf(figures.skippedDataManifests()));
  }

  /**
   * Plans the files that were appended after a snapshot. Blocks while it reads manifests.
   *
   * @param from id of the last snapshot whose files are excluded
   * @param to id of the last snapshot whose files are included
   * @param readers number of readers that share the splits
   * @param token the token in the splits; may be empty
   */
  public static List<ScanSplit> appended(
      Table table, EventScan scan, long from, long to, int readers, String token) {
    IncrementalAppendScan planned =
        table
            .newIncrementalAppendScan()
            .fromSnapshotExclusive(from)
            .toSnapshot(to)
            .filter(scan.filter());
    return split(Layer.EVENTS, toList(planned.planFiles()), scan, to, readers, token);
  }

  private static List<ScanSplit> split(
      Layer layer,
      List<FileScanTask> files,
      EventScan scan,
      long snapshotId,
      int readers,
      String token) {
    long splitBytes = splitBytes(files, readers);
    List<FileScanTask> pieces = scan.needsNoColumn() ? files : cut(files, splitBytes);
    List<CombinedScanTask> bundles =
        toList(
            TableScanUtil.planTasks(
                CloseableIterable.withNoopClose(pieces), splitBytes, LOOKBACK, OPEN_COST_BYTES));
    ArrayList<ScanSplit> splits = new ArrayList<>(bundles.size());
    for (CombinedScanTask bundle : bundles) {
      List<SplitPart> ranges =
          bundle.files().stream().<SplitPart>map(task -> range(layer, task)).toList();
      splits.add(new ScanSplit("split-" + snapshotId + "-" + splits.size(), token, ranges, 0));
    }
    return splits;
  }

  /** Only large files are cut: Iceberg would cut every file at each row group, however small. */
  private static List<FileScanTask> cut(List<FileScanTask> files, long splitBytes) {
    return files.stream()
        .flatMap(
            file ->
                file.length() <= splitBytes
                    ? Stream.of(file)
                    : StreamSupport.stream(file.split(splitBytes).spliterator(), false))
        .toList();
  }

  private static long splitBytes(List<FileScanTask> files, int readers) {
    long total = files.stream().mapToLong(file -> Math.max(file.length(), OPEN_COST_BYTES)).sum();
    long even = total / Math.max(1, (long) readers * SPLITS_PER_READER);
    return Math.max(SMALLEST_SPLIT_BYTES, Math.min(LARGEST_SPLIT_BYTES, even));
  }

  private static FileRange range(Layer layer, FileScanTask task) {
    DataFile file = task.file();
    return new FileRange(
        layer,
        file.location(),
        file.format(),
        file.partition().get(0, Long.class),
        task.start(),
        task.length(),
        file.fileSizeInBytes(),
        file.recordCount());
  }

  private static void requireNoDeletes(FileScanTask task) {
    if (!task.deletes().isEmpty()) {
      throw new IllegalStateException(
          "File "
              + task.file().location()
              + ": it has row-level deletes, which Nova neither writes nor applies. It is not read,"
              + " since the answer would count deleted rows. Rewrite the batch as a whole.");
    }
  }

  private static long valueOf(@Nullable CounterResult counter) {
    return counter == null ? 0 : counter.value();
  }

  private static <T> List<T> toList(CloseableIterable<T> tasks) {
    try (tasks) {
      ArrayList<T> list = new ArrayList<>();
      tasks.forEach(list::add);
      return list;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
