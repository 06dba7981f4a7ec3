package io.nova.job;

import io.nova.block.ReadPositions;
import io.nova.block.Shard;
import io.nova.live.SubtaskView.Checkpointed;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the last completed checkpoint holds that a subtask has heard of: no failure takes it back.
 * Before every barrier the intake tells all shards how far it has read, so what a subtask has read
 * by then is the same for all of them. Belongs to the task thread.
 */
final class LastCheckpoint {
  /** More than are ever waited for: of those that failed, and of savepoints, nobody is told. */
  private static final int UNDER_WAY = 16;

  private final Map<Integer, Shard> shards;
  private final ReadPositions readTo;
  private final TreeMap<Long, Checkpointed> taken = new TreeMap<>();
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

  /** A checkpoint, or a savepoint, is being taken: its barrier has come. */
  void taken(long id) {
    taken.put(id, now(id));
    if (taken.size() > UNDER_WAY) {
      taken.pollFirstEntry();
    }
  }

  /** A checkpoint has been completed; true where that is news. */
  boolean completed(long id) {
    Checkpointed news = taken.get(id);
    taken.headMap(id, true).clear();
    if (news == null) {
      return false;
    }
    completed = news;
    return true;
  }

  /** What it holds. */
  Checkpointed reach() {
    return completed;
  }
}
