package io.nova.sql.source.follow;

import io.nova.iceberg.commit.SnapshotMark;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.RunCheckpoint;
import io.nova.sql.live.Completeness;
import io.nova.sql.live.Cut;
import io.nova.sql.live.CutProtocol;
import io.nova.sql.live.IncompleteReadException;
import io.nova.sql.live.LeasedCut;
import io.nova.sql.live.LiveAccess;
import io.nova.sql.live.LiveViews;
import io.nova.sql.live.RetryPolicy;
import io.nova.sql.live.TableAt;
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
import java.util.function.Supplier;
import org.apache.iceberg.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what a query that follows memory and table shows next: of a live cut, the rows behind what
 * it has shown, up to the offsets that the job's last completed checkpoint had read. What a
 * checkpoint holds comes back after a failure as it was, and all rows that it read lie at or below
 * its offsets, whichever file or view they are in by then. So offsets tell what was shown.
 *
 * <p>A cut that is not complete is waited for, as is a checkpoint. Used by one thread.
 */
public final class TailPlanner {
  private static final Logger LOG = LoggerFactory.getLogger(TailPlanner.class);

  private static final long LOG_EVERY_NANOS = Duration.ofMinutes(1).toNanos();

  private final Supplier<Table> tables;
  private final EventScan scan;
  private final LiveAccess access;
  private final LiveViews views;
  private long loggedNanos;
  private boolean logged;

  /**
   * A planner for one scan.
   *
   * @param tables loads the table anew
   * @param access all key groups must answer, whatever it says
   */
  public TailPlanner(Supplier<Table> tables, EventScan scan, LiveAccess access, LiveViews views) {
    this.tables = tables;
    this.scan = scan;
    this.access = access;
    this.views = views;
  }

  /**
   * The next step, or empty where there is nothing to show yet. Blocks while it asks the servers.
   *
   * @throws IncompleteReadException where a query that has shown nothing live yet gets no cut
   *     within its patience
   * @throws FollowBrokenException where the table or the job went back behind what was shown
   */
  Optional<TailStep> after(Tail tail) {
    Cut cut;
    try {
      cut = take(tail.hasMoved() ? Duration.ZERO : access.patience());
    } catch (IncompleteReadException notNow) {
      if (!tail.hasMoved()) {
        throw notNow;
      }
      logSeldom(String.valueOf(notNow.getMessage()));
      return Optional.empty();
    }
    LeasedCut held = new LeasedCut(cut, views);
    Optional<TailStep> step = Optional.empty();
    try {
      step = step(tail, held);
      return step;
    } finally {
      if (step.isEmpty()) {
        held.close();
      }
    }
  }

  private Cut take(Duration patience) {
    LiveAccess strict = new LiveAccess(Completeness.STRICT, access.token(), patience);
    return new CutProtocol(
            () -> TableAt.of(tables.get()), views, strict, RetryPolicy.of(strict.patience()))
        .take();
  }

  private void logSeldom(String why) {
    long now = System.nanoTime();
    if (!logged || now - loggedNanos > LOG_EVERY_NANOS) {
      LOG.warn("A query that follows nova.events waits: {}", why);
      logged = true;
      loggedNanos = now;
    }
  }

  private Optional<TailStep> step(Tail tail, LeasedCut held) {
    Cut cut = held.cut();
    List<Checkpointed> reached =
        cut.views().stream().map(view -> view.pinned().checkpointed()).toList();
    Table table = tables.get();
    requireNotWentBack(table, tail, cut);
    // Where every subtask was drained, the table holds all, and nothing of it can be taken back.
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
    List<SplitPart> parts =
        window.isEmpty() ? List.<SplitPart>of() : parts(table, tail, cut, token);
    boolean ended = window.upTo() == null && parts.isEmpty() && !movesOn;
    return ended
        ? Optional.empty()
        : Optional.of(new TailStep(held, window, parts, token, checkpoint, after));
  }

  /**
   * How far the oldest of the checkpoints had read: views of later ones hold all of that, too.
   * Before its barrier every subtask had been told of each partition that was read in this run. One
   * that nobody knows has not moved since it was shown.
   */
  private static Map<Integer, Long> upTo(Tail tail, long oldest, List<Checkpointed> reached) {
    HashMap<Integer, Long> upTo = new HashMap<>(tail.shownTo());
    reached.stream()
        .filter(checkpoint -> checkpoint.id() == oldest)
        .forEach(checkpoint -> upTo.putAll(checkpoint.readTo()));
    return upTo;
  }

  /**
   * The checkpoint that holds what the next step shows, and has to hold what was shown before.
   * Subtasks without events yet know no ancestry.
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
                  ("Query that follows nova.events: it has shown what checkpoint %s of generation "
                          + "%s held, and the job was restored from an older savepoint, of %s. Events that "
                          + "were handed on may come again, or may be gone. The query fails; start it anew.")
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

  /** Whether every block of the cut's snapshot was sealed before the checkpoint of its views. */
  private static boolean isCovered(Cut cut, List<Checkpointed> reached) {
    if (reached.isEmpty()) {
      return true;
    }
    if (reached.stream().mapToLong(Checkpointed::id).distinct().count() > 1) {
      return false;
    }
    SnapshotMark mark = cut.mark().orElseThrow();
    HashMap<Integer, Long> sealed = new HashMap<>();
    cut.views().stream()
        .flatMap(view -> view.pinned().shards().stream())
        .forEach(end -> sealed.put(end.shard(), 0L));
    reached.forEach(checkpoint -> sealed.putAll(checkpoint.sealed()));
    return sealed.size() >= mark.sequences().size()
        && sealed.entrySet().stream()
            .allMatch(shard -> mark.sequence(shard.getKey()) <= shard.getValue());
  }

  private List<SplitPart> parts(Table table, Tail tail, Cut cut, String token) {
    ArrayList<ScanSplit> splits = new ArrayList<>(CutPlanner.plan(table, scan, cut, token));
    cut.snapshotId()
        .filter(to -> !Optional.of(to).equals(tail.snapshotId()))
        .ifPresent(
            to ->
                splits.addAll(
                    tail.snapshotId()
                        .map(from -> ScanPlanner.appended(table, scan, from, to, 1, token))
                        .orElseGet(() -> ScanPlanner.plan(table, scan, to, 1, token).splits())));
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
    for (Map<Integer, Long> shown : List.of(tail.shownTo(), tail.begunTo())) {
      shown.forEach(
          (partition, offset) -> {
            if (upTo.getOrDefault(partition, -1L) < offset) {
              throw new FollowBrokenException(
                  ("Query that follows nova.events: it has shown partition %s up to offset %s, "
                          + "and the job, restored from an older savepoint, has read it to %s. Events that "
                          + "were handed on may come again, or may be gone. The query fails; start it anew.")
                      .formatted(partition, offset, upTo.getOrDefault(partition, -1L)));
            }
          });
    }
  }
}
