package io.nova.shard;

import io.nova.shard.fingerprint.ColdFingerprints;
import io.nova.shard.fingerprint.CopySearch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The open and sealed blocks within a dedup window around an interval. Valid until a block is
 * opened, sealed or forgotten.
 *
 * @param interval the interval
 * @param windowBlocks the window in blocks, before and after the interval
 * @param own the open block of the interval itself; null where there is none
 * @param open all open blocks of the window
 * @param sealed the fingerprints of the window's sealed blocks
 * @param known whether no interval of the window is below those that are kept
 */
record WindowBlocks(
    long interval,
    int windowBlocks,
    @Nullable OpenBlock own,
    List<OpenBlock> open,
    ColdFingerprints.Range sealed,
    boolean known) {
  /** Searches for copies; false where a block that may have one is not known. */
  boolean look(CopySearch copies) {
    for (int i = 0; i < open.size(); i++) {
      if (open.get(i).look(copies)) {
        return true;
      }
    }
    return sealed.look(copies) && known;
  }
}
