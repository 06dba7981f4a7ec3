package io.nova.sql.source.follow;

import io.nova.live.protocol.LiveException;
import io.nova.shard.progress.RunCheckpoint;
import io.nova.sql.source.reader.ScanCursor;
import io.nova.sql.source.reader.SplitProgress;
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
 * Reads on for ever behind a snapshot, step by step, in the task's own thread. Rows are told apart
 * by their places in Kafka, which are read along where the query does not want them.
 */
public final class TailReading implements SplitProgress {
  private static final Logger LOG = LoggerFactory.getLogger(TailReading.class);

  private final String splitId;
  private final TailPlanner planner;
  private final TailParts parts;
  private final Duration checkInterval;
  private Optional<Long> snapshotId;
  private Optional<RunCheckpoint> checkpoint;
  private Map<Integer, Long> shownTo;
  private Map<Integer, Long> begunTo;
  private final Map<Integer, Roaring64Bitmap> begun;
  private long nextLookNanos = System.nanoTime();
  private @Nullable TailStep step;
  private Iterator<SplitPart> left = List.<SplitPart>of().iterator();
  private @Nullable SplitPart part;
  private @Nullable ScanCursor rows;

  /** A view is gone, as with its TaskManager: what was not shown of it is in another cut. */
  private static final class LostViewException extends Exception {
    private static final long serialVersionUID = 1L;

    LostViewException(Exception cause) {
      super(cause.getMessage(), cause);
    }
  }

  public TailReading(
      String splitId, Tail from, TailPlanner planner, TailParts parts, Duration checkInterval) {
    this.splitId = splitId;
    this.planner = planner;
    this.parts = parts;
    this.checkInterval = checkInterval;
    this.snapshotId = from.snapshotId();
    this.checkpoint = from.checkpoint();
    this.shownTo = from.shownTo();
    this.begunTo = from.begunTo();
    this.begun = new TreeMap<>(Tail.copy(from.begun()));
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

  /** The step under way, or the next one if it is time for it. */
  private @Nullable TailStep now() {
    if (step == null && System.nanoTime() - nextLookNanos >= 0) {
      nextLookNanos = System.nanoTime() + checkInterval.toNanos();
      step = planner.after(tail()).orElse(null);
      if (step != null) {
        checkpoint = step.checkpoint();
        begunTo = step.window().upTo() == null ? begunTo : step.window().upTo();
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
      throw new IOException(
          "%s: it cannot be read, the query fails: %s".formatted(from.title(), failed.getMessage()),
          failed);
    }
  }

  /** Rows that cannot be understood, or a request that no server takes, come again and again. */
  private static boolean isLost(Exception failed) {
    return failed instanceof IOException
        && !(failed instanceof LiveException refused && refused.isPermanent());
  }

  private @Nullable RowData nextInside(OffsetWindow window, ScanCursor cursor) throws IOException {
    for (RowData row = cursor.next(); row != null; row = cursor.next()) {
      int partition = row.getInt(parts.partitionAt());
      long offset = row.getLong(parts.offsetAt());
      if (window.contains(partition, offset) && show(partition, offset)) {
        return parts.shown(row);
      }
    }
    return null;
  }

  /** Notes a row as shown; false where it was before. */
  private boolean show(int partition, long offset) {
    Roaring64Bitmap offsets = begun.computeIfAbsent(partition, first -> new Roaring64Bitmap());
    if (offsets.contains(offset)) {
      return false;
    }
    offsets.addLong(offset);
    return true;
  }

  private void end(TailStep done) {
    snapshotId = done.snapshotId();
    shownTo = done.window().upTo() == null ? shownTo : done.window().upTo();
    begunTo = Map.of();
    begun.clear();
    step = null;
    done.cut().close();
  }

  private Tail tail() {
    return new Tail(snapshotId, checkpoint, shownTo, begunTo, Tail.copy(begun));
  }

  @Override
  public boolean isEndless() {
    return true;
  }

  @Override
  public CompletableFuture<Void> wake() {
    long nanos = Math.max(0, nextLookNanos - System.nanoTime());
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
      LOG.debug("A view that was lost could not be closed", gone);
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
    TailStep begunStep = step;
    step = null;
    try {
      closeRows();
    } finally {
      if (begunStep != null) {
        begunStep.cut().close();
      }
    }
  }
}
