package io.nova.iceberg.commit;

import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * Where a start of the commit chain goes on from. Whether it still does is checked in the swap: a
 * writer of an earlier run may commit until then.
 *
 * @param base the snapshot whose content the marker has, null for none
 * @param goBack whether that is not the current one
 */
record Start(@Nullable Snapshot base, boolean goBack) {
  long baseId() {
    return base == null ? -1 : base.snapshotId();
  }

  /** What the base holds of each shard. */
  String sequences() {
    return base == null ? "" : base.summary().getOrDefault(LinkSummary.SEQUENCES, "");
  }

  /** Whether the marker is about to be put onto its base. */
  boolean isOn(@Nullable Snapshot swapped) {
    return swapped == null ? base == null : swapped.snapshotId() == baseId();
  }
}
