package io.nova.iceberg.lifecycle;

import io.nova.iceberg.commit.HandoffProperties;
import io.nova.iceberg.commit.HandoffProperties.Batch;
import java.util.List;

/**
 * The batches that are closed and not completed.
 *
 * @param batches their number
 * @param oldest the oldest of them; -1 where there is none
 * @param closedAtMs when that one was closed, milliseconds since 1970; 0 where there is none
 */
public record HandoffBacklog(long batches, long oldest, long closedAtMs) {
  /** No batch waits. */
  public static final HandoffBacklog NONE = new HandoffBacklog(0, -1, 0);

  /** The backlog of a table. */
  public static HandoffBacklog of(HandoffProperties handoff) {
    List<Batch> waiting =
        handoff.batches().stream().filter(one -> !handoff.isCompleted(one.batch())).toList();
    return waiting.isEmpty()
        ? NONE
        : new HandoffBacklog(waiting.size(), waiting.get(0).batch(), waiting.get(0).closedAtMs());
  }

  /** For how long the oldest batch has been closed, in seconds; 0 where there is none. */
  public long ageSeconds(long nowMs) {
    return batches == 0 ? 0 : Math.max(0, nowMs - closedAtMs) / 1_000;
  }
}
