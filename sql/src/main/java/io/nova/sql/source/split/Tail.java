package io.nova.sql.source.split;

import io.nova.handoff.BatchNumbers;
import io.nova.shard.progress.RunCheckpoint;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * The position of a query that follows live views and table: the endless part of its last split.
 * The query has shown every row of a snapshot and, by partition, every row up to an offset. It has
 * shown some rows of the window of offsets after it.
 *
 * @param snapshotId the snapshot; empty for none
 * @param completed the last batch that was completed when the query began. Its rows are not shown;
 *     {@link BatchNumbers#NONE} for none
 * @param checkpoint a checkpoint of the job with all rows that were shown live; empty if it is not
 *     known, or no row was
 * @param shownTo by Kafka partition, the last offset up to which all rows were shown; a missing
 *     partition has shown none
 * @param windowEnd by Kafka partition, the last offset of the window in progress; empty for none
 * @param shownInWindow by Kafka partition, the rows of that window that were shown, as {@link
 *     #rowOf} numbers them
 */
public record Tail(
    Optional<Long> snapshotId,
    long completed,
    Optional<RunCheckpoint> checkpoint,
    Map<Integer, Long> shownTo,
    Map<Integer, Long> windowEnd,
    Map<Integer, Roaring64Bitmap> shownInWindow)
    implements SplitPart {
  private static final int OFFSET_BITS = 48;

  /** Copies the maps, but not the bitmaps. */
  public Tail {
    shownTo = Map.copyOf(shownTo);
    windowEnd = Map.copyOf(windowEnd);
    shownInWindow = Map.copyOf(shownInWindow);
  }

  /** The position after all rows of a snapshot, or at the start of a table without one. */
  public static Tail after(Optional<Followed> followed) {
    return new Tail(
        followed.map(Followed::snapshotId),
        followed.map(Followed::completed).orElse(BatchNumbers.NONE),
        Optional.empty(),
        Map.of(),
        Map.of(),
        Map.of());
  }

  /**
   * The number of a row within its partition. The rows with index 0 have their offset, so they lie
   * close together in a bitmap.
   */
  public static long rowOf(long offset, int index) {
    if (offset >>> OFFSET_BITS != 0) {
      throw new IllegalStateException(
          "Kafka offset %s: found more than %d bits; a query cannot follow it"
              .formatted(offset, OFFSET_BITS));
    }
    return (long) index << OFFSET_BITS | offset;
  }

  /** Whether rows after the first snapshot have been shown. */
  public boolean hasMoved() {
    return !shownTo.isEmpty() || !shownInWindow.isEmpty();
  }

  @Override
  public String title() {
    return "Events after snapshot " + snapshotId.map(String::valueOf).orElse("none");
  }

  /** A deep copy of bitmaps that change later. */
  public static Map<Integer, Roaring64Bitmap> copy(Map<Integer, Roaring64Bitmap> offsets) {
    TreeMap<Integer, Roaring64Bitmap> copy = new TreeMap<>();
    offsets.forEach((partition, bitmap) -> copy.put(partition, bitmap.clone()));
    return copy;
  }
}
