package io.nova.block;

/** What became of one event offered to its shard. */
public enum Admission {
  ADMITTED,
  /** An admitted copy lies within the dedup window. */
  DUPLICATE,
  /** Below the horizon: where its earlier copy could be is not kept any more. */
  TOO_LATE,
  /** Within the horizon, but a block that could hold its earlier copy is missing or short. */
  UNKNOWN
}
