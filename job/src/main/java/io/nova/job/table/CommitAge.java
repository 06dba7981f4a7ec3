package io.nova.job.table;

/**
 * How long the oldest file waits that is not in the table. A file that waits for its checkpoint
 * counts as well as one that waits for the commit interval.
 *
 * <p>Times are milliseconds since 1970. The task thread changes it. Any thread may read.
 */
final class CommitAge {
  private static final long NONE = Long.MAX_VALUE;

  private volatile long oldestMs = NONE;
  private long afterLinkMs = NONE;

  /** A file has come. */
  void file(long nowMs) {
    oldestMs = Math.min(oldestMs, nowMs);
    afterLinkMs = Math.min(afterLinkMs, nowMs);
  }

  /** A link has all files that have come so far. */
  void drawn() {
    afterLinkMs = NONE;
  }

  /** All links that were drawn are in the table. */
  void committed() {
    oldestMs = afterLinkMs;
  }

  /** The age of the oldest waiting file, in seconds; 0 for none. */
  long seconds(long nowMs) {
    long since = oldestMs;
    return since == NONE ? 0 : Math.max(0, nowMs - since) / 1000;
  }
}
