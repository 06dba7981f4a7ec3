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
 * The content of the last completed checkpoint that a subtask knows of, which no failure undoes.
 *
 * <p>Before every barrier the intake sends all shards the offsets that it has read, so all subtasks
 * have the same offsets at a checkpoint. Not thread safe; belongs to the task thread.
 */
final class LastCheckpoint {
  /** Limit of pending checkpoints: failed ones and savepoints never complete. */
  private static final int MAX_PENDING = 16;

  private final Map<Integer, Shard> shards;
  private final ReadPositions readTo;
  private final Ancestry restored;
  private final TreeMap<Long, Checkpointed> taken = new TreeMap<>();
  private @Nullable String generation;
  private Checkpointed completed;

  /** The checkpoint that the shards were restored from; the empty one without shards. */
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

  /** Sets the generation of the run. Checkpoints before that are not reported. */
  void begin(String run) {
    generation = run;
  }

  /**
   * Notes that the barrier of a checkpoint or savepoint has arrived.
   *
   * @return the lineage of the checkpoint
   */
  Ancestry taken(long id) {
    if (generation == null) {
      // Its state does not name this run, so nobody may learn that it was completed.
      return restored;
    }
    Ancestry ancestry = restored.with(new RunCheckpoint(generation, id));
    taken.put(id, now(id, ancestry));
    if (taken.size() > MAX_PENDING) {
      taken.pollFirstEntry();
    }
    return ancestry;
  }

  /** Notes that a checkpoint is complete; false if a newer one already is. */
  boolean completed(long id) {
    Checkpointed pending = taken.get(id);
    taken.headMap(id, true).clear();
    if (pending == null) {
      return false;
    }
    completed = pending;
    return true;
  }

  /** The content of the last completed checkpoint. */
  Checkpointed reach() {
    return completed;
  }
}
