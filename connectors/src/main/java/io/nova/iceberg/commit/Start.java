package io.nova.iceberg.commit;

import org.apache.iceberg.Snapshot;
import org.jspecify.annotations.Nullable;

/**
 * The snapshot from which a run continues the commit chain. The swap checks that it is still the
 * base: until then a writer of an earlier run may commit.
 *
 * @param base the snapshot whose content the marker gets; null for an empty table
 * @param goBack whether the table must first go back to it, since another one is current
 */
record Start(@Nullable Snapshot base, boolean goBack) {
  long baseId() {
    return base == null ? -1 : base.snapshotId();
  }

  /** The sequences of the base, as its summary writes them. */
  String sequences() {
    return base == null ? "" : base.summary().getOrDefault(LinkSummary.SEQUENCES, "");
  }

  /** Whether the swap starts from the base. */
  boolean isOn(@Nullable Snapshot swapped) {
    return swapped == null ? base == null : swapped.snapshotId() == baseId();
  }
}
