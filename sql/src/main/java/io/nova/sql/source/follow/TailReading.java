package io.nova.sql.source.follow;

import io.nova.live.protocol.LiveException;
import io.nova.shard.progress.RunCheckpoint;
import io.nova.sql.source.reader.SplitProgress;
import io.nova.sql.source.reader.UnreadablePartException;
import io.nova.sql.source.rows.ScanCursor;
import io.nova.sql.source.split.LiveRange;
import io.nova.sql.source.split.ScanSplit;
import io.nova.sql.source.split.SplitPart;
import io.nova.sql.source.split.Tail;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.table.data.RowData;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.Roaring64Bitmap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The endless read after a snapshot, step by step, in the task's thread. Rows are identified by
 * their Kafka partition, offset and index.
 */
public final class TailReading implements SplitProgress {
  private static final Logger LOG = LoggerFactory.getLogger(TailReading.class);

  private final String splitId;
  private final TailPlanner planner;
  private final TailParts parts;
  private final Duration checkInterval;
  private Optional<Long> snapshotId;
  private final long completed;
  private Optional<RunCheckpoint> checkpoint;
  private Map<Integer, Long> shownTo;
  private Map<Integer, Long> windowEnd;
  private final Map<Integer, Roaring64Bitmap> shownInWindow;
  private long nextPollNanos = System.nanoTime();
  private @Nullable TailStep step;
  private Iterator<SplitPart> left = List.<SplitPart>of().iterator();
  private @Nullable SplitPart part;
  private @Nullable ScanCursor rows;

  /** The loss of a view, for example with its TaskManager. Another cut has its other rows. */
  private static final class LostViewException extends Exception {
    private static final long serialVersionUID = 1L;

    LostViewException(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }

  /**
   * A read that continues from a position.
   *
   * @param checkInterval time between two polls for the next step
   */
  public TailReading(
      String splitId, Tail from, TailPlanner planner, TailParts parts, Duration checkInterval) {
    this.splitId = splitId;
    this.planner = planner;
    this.parts = parts;
    this.checkInterval = checkInterval;
    this.snapshotId = from.snapshotId();
    this.completed = from.completed();
    this.checkpoint = from.checkpoint();
    this.shownTo = from.shownTo();
    this.windowEnd = from.windowEnd();
    this.shownInWindow = new TreeMap<>(Tail.copy(from.shownInWindow()));
  }

  @Override
  public @Nullable RowData next() throws IOException {
    for (TailStep now = now(); now != null; now = now()) {
      try {
        RowData row = nextOf(now);
        if (row != null) {
          return row;
        }
      } catch (LostViewException lost) {
        LOG.warn("A query that follows nova.events takes another cut: {}", lost.getMessage());
        giveUp();
        return null;
      }
      end(now);
    }
    return null;
  }

  /** The step in progress, or the next one if a poll is due; null for none. */
  private @Nullable TailStep now() {
    if (step == null && System.nanoTime() - nextPollNanos >= 0) {
      nextPollNanos = System.nanoTime() + checkInterval.toNanos();
      step = planner.after(tail()).orElse(null);
      if (step != null) {
        checkpoint = step.checkpoint();
        windowEnd = step.window().upTo() == null ? windowEnd : step.window().upTo();
        left = step.parts().iterator();
      }
    }
    return step;
  }

  private @Nullable RowData nextOf(TailStep of) throws IOException, LostViewException {
    while (part != null || left.hasNext()) {
      if (part == null) {
        part = left.next();
      }
      RowData row = nextOf(of, part);
      if (row != null) {
        return row;
      }
      closeRows();
    }
    return null;
  }

  private @Nullable RowData nextOf(TailStep of, SplitPart from)
      throws IOException, LostViewException {
    try {
      if (rows == null) {
        rows = parts.open(from, of);
      }
      return nextInside(of.window(), rows);
    } catch (IOException | RuntimeException failed) {
      if (from instanceof LiveRange && isLost(failed)) {
        throw new LostViewException(failed);
      }
      throw new UnreadablePartException(from, failed);
    }
  }

  /** Whether another cut may help: not against damaged rows or a permanent refusal. */
  private static boolean isLost(Exception failed) {
    return failed instanceof IOException
        && !(failed instanceof LiveException refused && refused.isPermanent());
  }

  private @Nullable RowData nextInside(OffsetWindow window, ScanCursor cursor) throws IOException {
    for (RowData row = cursor.next(); row != null; row = cursor.next()) {
      int partition = row.getInt(parts.partitionAt());
      long offset = row.getLong(parts.offsetAt());
      if (window.contains(partition, offset)
          && show(partition, Tail.rowOf(offset, row.getInt(parts.indexAt())))) {
        return parts.shown(row);
      }
    }
    return null;
  }

  /** Records a row as shown; false if it was shown before. */
  private boolean show(int partition, long row) {
    Roaring64Bitmap shown =
        shownInWindow.computeIfAbsent(partition, first -> new Roaring64Bitmap());
    if (shown.contains(row)) {
      return false;
    }
    shown.addLong(row);
    return true;
  }

  private void end(TailStep done) {
    snapshotId = done.snapshotId();
    shownTo = done.window().upTo() == null ? shownTo : done.window().upTo();
    windowEnd = Map.of();
    shownInWindow.clear();
    step = null;
    done.cut().close();
  }

  private Tail tail() {
    return new Tail(
        snapshotId, completed, checkpoint, shownTo, windowEnd, Tail.copy(shownInWindow));
  }

  @Override
  public boolean isEndless() {
    return true;
  }

  @Override
  public CompletableFuture<Void> wake() {
    long nanos = Math.max(0, nextPollNanos - System.nanoTime());
    return CompletableFuture.runAsync(
        () -> {}, CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS));
  }

  @Override
  public ScanSplit remaining() {
    return new ScanSplit(splitId, "", List.of(tail()), 0);
  }

  private void giveUp() {
    try {
      close();
    } catch (IOException gone) {
      LOG.debug("A lost view could not be closed", gone);
    }
  }

  private void closeRows() throws IOException {
    ScanCursor open = rows;
    part = null;
    rows = null;
    if (open != null) {
      open.close();
    }
  }

  @Override
  public void close() throws IOException {
    TailStep current = step;
    step = null;
    try {
      closeRows();
    } finally {
      if (current != null) {
        current.cut().close();
      }
    }
  }
}
