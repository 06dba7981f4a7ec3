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
  /** Below the progress of its own partition by more than the lateness limit. */
  TOO_LATE,
  /** Within the lateness limit, but fingerprints of its dedup window have left state. */
  UNKNOWN,
  /** New, and its batch is closed. */
  BATCH_CLOSED,
  /** The batch layer answers for it: its message was read before the batch was closed. */
  HANDED_OFF;

  /** Whether the row is stored. */
  public boolean admitted() {
    return this == ADMITTED || this == ADMITTED_BESIDE;
  }
}
