package io.nova.shard;

/** What became of one event offered to its shard. */
public enum Admission {
  ADMITTED,
  /** Admitted beside an admitted copy with another payload; its row is marked. */
  ADMITTED_BESIDE,
  /** An admitted copy lies within the dedup window. */
  DUPLICATE,
  /** An admitted copy with another payload does, and the rule is to refuse. */
  CONFLICTING,
  /** Below the lateness limit: where its earlier copy could be is not kept any more. */
  TOO_LATE,
  /**
   * Within the lateness limit, but a block that could hold its earlier copy is missing or short.
   */
  UNKNOWN;

  /** Whether its row is kept. */
  public boolean admitted() {
    return this == ADMITTED || this == ADMITTED_BESIDE;
  }
}
