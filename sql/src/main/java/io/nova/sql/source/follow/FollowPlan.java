package io.nova.sql.source.follow;

import io.nova.iceberg.commit.SnapshotMark;
import io.nova.sql.live.Cut;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.enumerator.ScanPlanner;
import io.nova.sql.source.split.ScanSplit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what the table has got since a snapshot: the files of each append behind it, once. Chunks
 * that take the place of block files, and what leaves the table, are passed over.
 */
public final class FollowPlan {
  private static final Logger LOG = LoggerFactory.getLogger(FollowPlan.class);

  private final Supplier<Table> tables;
  private final EventScan scan;
  private final int parallelism;

  /**
   * One step forward.
   *
   * @param from the snapshot that had been followed to; empty before the first
   * @param to the snapshot that is followed to now
   * @param splits what came between
   */
  public record Step(Optional<Long> from, Optional<Long> to, List<ScanSplit> splits) {}

  /**
   * A plan for so many readers.
   *
   * @param tables loads the table anew
   */
  public FollowPlan(Supplier<Table> tables, EventScan scan, int parallelism) {
    this.tables = tables;
    this.scan = scan;
    this.parallelism = parallelism;
  }

  /**
   * What has come since; blocks while it reads manifests.
   *
   * @throws IllegalStateException if the table does not descend from that snapshot any more
   */
  Step after(Optional<Long> followed) {
    Table table = tables.get();
    Optional<Long> current =
        Optional.ofNullable(table.currentSnapshot()).map(found -> found.snapshotId());
    if (current.equals(followed)) {
      return new Step(followed, followed, List.of());
    }
    Long to =
        current.orElseThrow(() -> new IllegalStateException("Table nova.events: it was emptied"));
    followed.ifPresent(from -> requireAncestor(table, from, to));
    return new Step(followed, current, plan(table, followed, to));
  }

  private List<ScanSplit> plan(Table table, Optional<Long> from, long to) {
    Optional<SnapshotMark> mark = SnapshotMark.of(table.snapshot(to));
    String token = Cut.committed(Optional.of(to), mark).token().text();
    String carried = RowLayout.ofFiles(scan).wantsToken() ? token : "";
    List<ScanSplit> splits =
        from.map(last -> ScanPlanner.appended(table, scan, last, to, parallelism, carried))
            .orElseGet(() -> ScanPlanner.plan(table, scan, to, parallelism, carried).splits());
    LOG.info("Query follows {} to snapshot {}: {} splits", table.location(), to, splits.size());
    return splits;
  }

  /** Refuses a table that does not descend from a snapshot any more. */
  static void requireAncestor(Table table, long from, long to) {
    if (table.snapshot(from) == null) {
      throw new FollowBrokenException(
          "Table nova.events: snapshot "
              + from
              + ", to which this query had followed it, has been expired. What came since cannot be"
              + " told from what was read before. The query fails; start it anew.");
    }
    if (!SnapshotUtil.isAncestorOf(table, to, from)) {
      throw new FollowBrokenException(
          "Table nova.events: it went back behind snapshot "
              + from
              + ", to which this query had followed it, since its job was restored from an older"
              + " savepoint. Events that were handed on may come again, or may be gone. The query"
              + " fails; start it anew.");
    }
  }
}
