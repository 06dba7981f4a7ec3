package io.nova.shard;

import io.nova.shard.fingerprint.ColdFingerprints;
import io.nova.shard.fingerprint.CopySearch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open and sealed blocks within a window around an interval, until one of them is opened,
 * sealed or forgotten.
 *
 * @param interval the interval
 * @param windowBlocks the window, blocks before and after it
 * @param own its open block; null where none is
 * @param open all open blocks
 * @param sealed the fingerprints of sealed blocks
 * @param known whether none of these have been forgotten
 */
record WindowBlocks(
    long interval,
    int windowBlocks,
    @Nullable OpenBlock own,
    List<OpenBlock> open,
    ColdFingerprints.Range sealed,
    boolean known) {
  /** Looks for copies; false where a place that one could be in is not known. */
  boolean look(CopySearch copies) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).look(copies)) {
        return true;
      }
    }
    return sealed.look(copies) && known;
  }
}
