package io.nova.sql.source.follow;

import io.nova.iceberg.EventTable;
import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.cut.Completeness;
import io.nova.live.cut.Cut;
import io.nova.live.cut.CutProtocol;
import io.nova.live.cut.IncompleteReadException;
import io.nova.live.cut.LeasedCut;
import io.nova.live.cut.LiveAccess;
import io.nova.live.cut.LiveViews;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import io.nova.sql.source.EventScan;
import io.nova.sql.source.RowLayout;
import io.nova.sql.source.enumerator.CutPlanner;
import io.nova.sql.source.enumerator.ScanPlanner;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.SplitPart;
import io.nova.sql.source.split.Tail;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plans the steps of a query that follows live views and table. A step shows the rows of a live cut
 * between two offsets of each partition: the last shown offset, and the last offset that the job's
 * last completed checkpoint had read.
 *
 * <p>Offsets identify shown rows for two reasons. A failure of the job does not change the rows of
 * a checkpoint. All of them are at or below its offsets, whichever file or view has them later.
 *
 * <p>An incomplete cut is taken again later. Its completed batch is the one of the query's start: a
 * batch that is completed later may have rows that the query has not shown. Used by one thread.
 */
public final class TailPlanner {
  private static final Logger LOG = LoggerFactory.getLogger(TailPlanner.class);

  private static final long LOG_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private final EventTable table;
  private final EventScan scan;
  private final LiveAccess access;
  private final LiveViews views;
  private long loggedNanos;
  private boolean logged;

  /**
   * A planner for one scan.
   *
   * @param table refreshed by each step
   * @param access its completeness is ignored, since all key groups must answer
   */
  public TailPlanner(EventTable table, EventScan scan, LiveAccess access, LiveViews views) {
    this.table = table;
    this.scan = scan;
    this.access = access;
    this.views = views;
  }

  /**
   * The next step; empty if there is nothing to show yet. Blocks during requests to the servers.
   *
   * @throws IncompleteReadException if a query that has shown no live row gets no cut in time
   * @throws FollowBrokenException if the table or the job went back to before the shown rows
   */
  Optional<TailStep> after(Tail tail) {
    Cut cut;
    try {
      cut = take(tail.hasMoved() ? Duration.ZERO : access.timeout());
    } catch (IncompleteReadException notNow) {
      if (!tail.hasMoved()) {
        throw notNow;
      }
      logRarely(String.valueOf(notNow.getMessage()));
      return Optional.empty();
    }
    LeasedCut leased = LeasedCut.of(cut.above(tail.completed()), views);
    Optional<TailStep> step = Optional.empty();
    try {
      step = step(tail, leased);
      return step;
    } finally {
      if (step.isEmpty()) {
        leased.close();
      }
    }
  }

  private Cut take(Duration timeout) {
    LiveAccess strict = new LiveAccess(Completeness.STRICT, access.token(), timeout);
    return CutProtocol.over(table, views, strict).take();
  }

  private void logRarely(String reason) {
    long now = System.nanoTime();
    if (!logged || now - loggedNanos > LOG_EVERY_NANOS) {
      LOG.warn("A query that follows nova.events waits: {}", reason);
      logged = true;
      loggedNanos = now;
    }
  }

  private Optional<TailStep> step(Tail tail, LeasedCut leased) {
    Cut cut = leased.cut();
    List<Checkpointed> reached =
        cut.views().stream().map(view -> view.pinned().checkpointed()).toList();
    requireNotWentBack(table.refresh().iceberg(), tail, cut);
    // If every subtask is drained, all rows are in the table, and no failure changes that.
    Optional<Checkpointed> oldest =
        reached.stream().min(Comparator.comparingLong(Checkpointed::id));
    Optional<RunCheckpoint> checkpoint =
        oldest.isEmpty() ? tail.checkpoint() : checkpoint(tail, oldest.get(), reached);
    OffsetWindow window =
        new OffsetWindow(
            tail.shownTo(), oldest.isEmpty() ? null : upTo(tail, oldest.get().id(), reached));
    requireNotWentBack(tail, window);
    Optional<Long> after = isCovered(cut, reached) ? cut.snapshotId() : tail.snapshotId();
    boolean movesOn = !after.equals(tail.snapshotId());
    if (window.isEmpty() && !movesOn) {
      return Optional.empty();
    }
    String token = RowLayout.ofFiles(scan).wantsToken() ? cut.token().text() : "";
    List<SplitPart> parts = window.isEmpty() ? List.<SplitPart>of() : parts(tail, cut, token);
    boolean ended = window.upTo() == null && parts.isEmpty() && !movesOn;
    return ended
        ? Optional.empty()
        : Optional.of(new TailStep(leased, window, parts, token, checkpoint, after));
  }

  /**
   * The last offset of each partition that the oldest of the checkpoints had read. Views of later
   * checkpoints have all rows up to there, too. Before its barrier, every subtask knew each
   * partition that was read in this run. A partition that none of them knows has no new rows.
   */
  private static Map<Integer, Long> upTo(Tail tail, long oldest, List<Checkpointed> reached) {
    HashMap<Integer, Long> upTo = new HashMap<>(tail.shownTo());
    reached.stream()
        .filter(checkpoint -> checkpoint.id() == oldest)
        .forEach(checkpoint -> upTo.putAll(checkpoint.readTo()));
    return upTo;
  }

  /**
   * The checkpoint that has the rows of the next step. It must descend from the checkpoint of the
   * rows that were shown before. Subtasks without events know no ancestry yet.
   */
  private static Optional<RunCheckpoint> checkpoint(
      Tail tail, Checkpointed oldest, List<Checkpointed> reached) {
    Ancestry ancestry =
        reached.stream()
            .filter(checkpoint -> checkpoint.id() == oldest.id())
            .map(Checkpointed::ancestry)
            .reduce(Ancestry.NONE, Ancestry::longer);
    tail.checkpoint()
        .filter(shown -> !ancestry.holds(shown))
        .ifPresent(
            shown -> {
              throw new FollowBrokenException(
                  ("Query that follows nova.events: it has shown the events of checkpoint %s of "
                          + "generation %s. The job was then restored from an older savepoint, of %s. "
                          + "Events that were shown may come again or may be gone. The query fails; "
                          + "start it again.")
                      .formatted(
                          shown.id(),
                          shown.generation(),
                          ancestry
                              .last()
                              .map(last -> last.generation() + ", checkpoint " + last.id())
                              .orElse("no known run")));
            });
    return ancestry.last();
  }

  /** Whether all blocks of the cut's snapshot were sealed before the checkpoint of its views. */
  private static boolean isCovered(Cut cut, List<Checkpointed> reached) {
    if (reached.isEmpty()) {
      return true;
    }
    if (reached.stream().mapToLong(Checkpointed::id).distinct().count() > 1) {
      return false;
    }
    LinkSummary link = cut.link().orElseThrow();
    HashMap<Integer, Long> sealed = new HashMap<>();
    cut.views().stream()
        .flatMap(view -> view.pinned().shards().stream())
        .forEach(end -> sealed.put(end.shard(), 0L));
    reached.forEach(checkpoint -> sealed.putAll(checkpoint.sealed()));
    return sealed.size() >= link.sequences().size()
        && sealed.entrySet().stream()
            .allMatch(shard -> link.sequence(shard.getKey()) <= shard.getValue());
  }

  private List<SplitPart> parts(Tail tail, Cut cut, String token) {
    EventScan above = scan.above(tail.completed());
    ArrayList<ScanSplit> splits = new ArrayList<>(CutPlanner.plan(table, scan, cut, token));
    cut.snapshotId()
        .filter(to -> !Optional.of(to).equals(tail.snapshotId()))
        .ifPresent(
            to ->
                splits.addAll(
                    tail.snapshotId()
                        .map(
                            from ->
                                ScanPlanner.appended(table.iceberg(), above, from, to, 1, token))
                        .orElseGet(
                            () ->
                                ScanPlanner.plan(table.iceberg(), above, to, 1, token).splits())));
    return splits.stream().flatMap(split -> split.parts().stream()).toList();
  }

  private static void requireNotWentBack(Table table, Tail tail, Cut cut) {
    if (tail.snapshotId().isPresent()) {
      Long to = cut.snapshotId().or(tail::snapshotId).orElseThrow();
      FollowPlan.requireAncestor(table, tail.snapshotId().get(), to);
    }
  }

  private static void requireNotWentBack(Tail tail, OffsetWindow window) {
    Map<Integer, Long> upTo = window.upTo();
    if (upTo == null) {
      return;
    }
    for (Map<Integer, Long> shown : List.of(tail.shownTo(), tail.windowEnd())) {
      shown.forEach(
          (partition, offset) -> {
            if (upTo.getOrDefault(partition, -1L) < offset) {
              throw new FollowBrokenException(
                  ("Query that follows nova.events: it has shown partition %s up to offset %s. The "
                          + "job was then restored from an older savepoint, which had read up to %s. "
                          + "Events that were shown may come again or may be gone. The query fails; "
                          + "start it again.")
                      .formatted(partition, offset, upTo.getOrDefault(partition, -1L)));
            }
          });
    }
  }
}
