package io.nova.job;

import io.nova.block.ReadPositions;
import io.nova.block.Shard;
import io.nova.live.SubtaskView.Checkpointed;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the last completed checkpoint holds that a subtask has heard of: no failure takes it back.
 * Before every barrier the intake tells all shards how far it has read, so what a subtask has read
 * by then is the same for all of them. Belongs to the task thread.
 */
final class LastCheckpoint {
  private final Map<Integer, Shard> shards;
  private final ReadPositions readTo;
  private @Nullable Checkpointed taken;
  private Checkpointed completed;

  /**
   * The checkpoint that these shards were restored from. Of a state of an older version it is not
   * known how far it had read.
   */
  LastCheckpoint(Map<Integer, Shard> shards, ReadPositions readTo) {
    this.shards = shards;
    this.readTo = readTo;
    boolean known = shards.isEmpty() || !readTo.asMap().isEmpty();
    completed = known ? now(0) : Checkpointed.UNKNOWN;
  }

  private Checkpointed now(long id) {
    Map<Integer, Long> sealed = new HashMap<>();
    shards.forEach((number, shard) -> sealed.put(number, shard.sequence()));
    return new Checkpointed(id, readTo.asMap(), sealed);
  }

  /** A checkpoint is being taken: its barrier has come. */
  void taken(long id) {
    taken = now(id);
  }

  /** A checkpoint has been completed; true where that is news. A later one may be under way. */
  boolean completed(long id) {
    if (taken == null || taken.id() != id) {
      return false;
    }
    completed = taken;
    taken = null;
    return true;
  }

  /** What it holds. */
  Checkpointed reach() {
    return completed;
  }
}
