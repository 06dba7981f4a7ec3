package io.nova.shard;

/** What became of one event offered to its shard. */
public enum Admission {
  ADMITTED,
  /** Admitted although an admitted copy has another payload. The row is marked. */
  ADMITTED_BESIDE,
  /** An admitted copy lies within the dedup window. */
  DUPLICATE,
  /**
   * An admitted copy with another payload lies within the dedup window, and the rule is to reject.
   */
  CONFLICTING,
  /** Older than the lateness limit. The fingerprints of its earlier copies may be gone. */
  TOO_LATE,
  /** Within the lateness limit, but fingerprints of its dedup window have been lost. */
  UNKNOWN;

  /** Whether the row is stored. */
  public boolean admitted() {
    return this == ADMITTED || this == ADMITTED_BESIDE;
  }
}
