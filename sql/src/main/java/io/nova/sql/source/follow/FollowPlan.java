package io.nova.sql.source.follow;

import io.nova.handoff.BatchNumbers;
import io.nova.live.cut.Cut;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.enumerator.ScanPlanner;
import io.nova.sql.source.split.Followed;
import io.nova.sql.source.split.ScanSplit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.apache.iceberg.util.SnapshotUtil;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans the steps of a query that follows commits: the files of each append after a snapshot, once.
 * It ignores chunks that replace block files, and files that leave the table. It also ignores
 * batches that are completed after its start, since it has shown their rows already.
 */
public final class FollowPlan {
  private static final Logger LOG = LoggerFactory.getLogger(FollowPlan.class);

  private final Supplier<Table> tables;
  private final EventScan scan;
  private final int parallelism;

  /**
   * A step from one snapshot to another.
   *
   * @param from the last snapshot before the step; empty before the first step
   * @param to the last snapshot of the step; empty for a table without one
   * @param splits the files that were appended between
   */
  public record Step(Optional<Followed> from, Optional<Followed> to, List<ScanSplit> splits) {}

  /**
   * A plan.
   *
   * @param tables loads the table's newest metadata
   * @param parallelism number of readers
   */
  public FollowPlan(Supplier<Table> tables, EventScan scan, int parallelism) {
    this.tables = tables;
    this.scan = scan;
    this.parallelism = parallelism;
  }

  /**
   * The step after a snapshot. Blocks while it reads manifests.
   *
   * @throws IllegalStateException if the table does not descend from that snapshot any more
   */
  Step after(Optional<Followed> followed) {
    Table table = tables.get();
    Optional<Long> last = followed.map(Followed::snapshotId);
    Optional<Long> current =
        Optional.ofNullable(table.currentSnapshot()).map(found -> found.snapshotId());
    if (current.equals(last)) {
      return new Step(followed, followed, List.of());
    }
    long to =
        current.orElseThrow(() -> new IllegalStateException("Table nova.events: it was emptied"));
    last.ifPresent(from -> requireAncestor(table, from, to));
    long completed = followed.map(Followed::completed).orElse(BatchNumbers.NONE);
    return new Step(
        followed, Optional.of(new Followed(to, completed)), plan(table, last, to, completed));
  }

  private List<ScanSplit> plan(Table table, Optional<Long> from, long to, long completed) {
    String token = Cut.committed(table.snapshot(to), completed).token().text();
    String inSplits = RowLayout.ofFiles(scan).wantsToken() ? token : "";
    EventScan above = scan.above(completed);
    List<ScanSplit> splits =
        from.map(last -> ScanPlanner.appended(table, above, last, to, parallelism, inSplits))
            .orElseGet(() -> ScanPlanner.plan(table, above, to, parallelism, inSplits).splits());
    LOG.info("Query follows {} to snapshot {}: {} splits", table.location(), to, splits.size());
    return splits;
  }

  /**
   * Checks that the table descends from a snapshot.
   *
   * @throws FollowBrokenException if not
   */
  static void requireAncestor(Table table, long from, long to) {
    if (table.snapshot(from) == null) {
      throw new FollowBrokenException(
          "Table nova.events: snapshot "
              + from
              + ", up to which this query has read, has expired. New files cannot be distinguished"
              + " from files that were read. The query fails; start it again.");
    }
    if (!SnapshotUtil.isAncestorOf(table, to, from)) {
      throw new FollowBrokenException(
          "Table nova.events: it went back to before snapshot "
              + from
              + ", up to which this query has read: its job was restored from an older savepoint."
              + " Events that were shown may come again or may be gone. The query fails; start it"
              + " again.");
    }
  }
}
