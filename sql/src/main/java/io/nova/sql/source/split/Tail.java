package io.nova.sql.source.split;

import io.nova.shard.progress.RunCheckpoint;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * How far a query that follows memory and table has come: it has shown every row of a snapshot,
 * every row up to an offset of each partition, and some rows of a window behind that. It is the
 * part of a split that never ends.
 *
 * @param snapshotId the snapshot; empty for none
 * @param checkpoint a checkpoint of the job that holds all that was shown live; empty where it is
 *     not known, or nothing was
 * @param shownTo for each Kafka partition, the offset; missing for nothing
 * @param begunTo the end of the window that has been begun; empty where none is
 * @param begun for each Kafka partition, the offsets of the window that have been shown
 */
public record Tail(
    Optional<Long> snapshotId,
    Optional<RunCheckpoint> checkpoint,
    Map<Integer, Long> shownTo,
    Map<Integer, Long> begunTo,
    Map<Integer, Roaring64Bitmap> begun)
    implements SplitPart {
  public Tail {
    shownTo = Map.copyOf(shownTo);
    begunTo = Map.copyOf(begunTo);
    begun = Map.copyOf(begun);
  }

  /** Behind a snapshot, of which all is shown, and before anything else. */
  public static Tail behind(Optional<Long> snapshotId) {
    return new Tail(snapshotId, Optional.empty(), Map.of(), Map.of(), Map.of());
  }

  /** Whether rows behind the first snapshot have been shown. */
  public boolean hasMoved() {
    return !shownTo.isEmpty() || !begun.isEmpty();
  }

  boolean hasShown(int partition, long offset) {
    Roaring64Bitmap offsets = begun.get(partition);
    return offsets != null && offsets.contains(offset);
  }

  @Override
  public String title() {
    return "What follows snapshot " + snapshotId.map(String::valueOf).orElse("none");
  }

  /** A copy of what goes on changing. */
  public static Map<Integer, Roaring64Bitmap> copy(Map<Integer, Roaring64Bitmap> begun) {
    TreeMap<Integer, Roaring64Bitmap> copy = new TreeMap<>();
    begun.forEach((partition, offsets) -> copy.put(partition, offsets.clone()));
    return copy;
  }
}
