package io.nova.job.live;

import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.shard.Shard;
import io.nova.shard.progress.Ancestry;
import io.nova.shard.progress.ReadPositions;
import io.nova.shard.progress.RunCheckpoint;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
  private final Ancestry restored;
  private final TreeMap<Long, Checkpointed> taken = new TreeMap<>();
  private @Nullable String generation;
  private Checkpointed completed;

  /** The checkpoint that these shards were restored from; without shards, the job's beginning. */
  LastCheckpoint(Map<Integer, Shard> shards, ReadPositions readTo) {
    this.shards = shards;
    this.readTo = readTo;
    this.restored =
        shards.values().stream().map(Shard::ancestry).reduce(Ancestry.NONE, Ancestry::longer);
    completed = now(0, restored);
  }

  private Checkpointed now(long id, Ancestry ancestry) {
    Map<Integer, Long> sealed = new HashMap<>();
    shards.forEach((number, shard) -> sealed.put(number, shard.sequence()));
    return new Checkpointed(id, readTo.asMap(), sealed, ancestry);
  }

  /** The run has heard its name, before any checkpoint that counts. */
  void begin(String run) {
    generation = run;
  }

  /**
   * A checkpoint, or a savepoint, is being taken: its barrier has come.
   *
   * @return the checkpoints that its state goes back to
   */
  Ancestry taken(long id) {
    if (generation == null) {
      // Of a checkpoint that does not know its run, nobody must hear that it was completed.
      return restored;
    }
    Ancestry ancestry = restored.with(new RunCheckpoint(generation, id));
    taken.put(id, now(id, ancestry));
    if (taken.size() > UNDER_WAY) {
      taken.pollFirstEntry();
    }
    return ancestry;
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
