package io.nova.shard.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The lineage of a state: the last checkpoint of each earlier run of the job that it was restored
 * through, oldest first. Where the job starts from an older savepoint, checkpoints since then are
 * not in it.
 *
 * @param checkpoints the newest of them, at most {@link #MOST}
 */
public record Ancestry(List<RunCheckpoint> checkpoints) {
  /** The lineage of a state that no checkpoint has taken. */
  public static final Ancestry NONE = new Ancestry(List.of());

  /** The most checkpoints that are kept. */
  static final int MOST = 64;

  public Ancestry {
    checkpoints = List.copyOf(checkpoints);
  }

  /** This lineage with a checkpoint of the present run at its end. */
  public Ancestry with(RunCheckpoint taken) {
    List<RunCheckpoint> more = new ArrayList<>(checkpoints);
    more.add(taken);
    return new Ancestry(more.subList(Math.max(0, more.size() - MOST), more.size()));
  }

  /** The longer of two lineages: shards without events have none yet. */
  public static Ancestry longer(Ancestry one, Ancestry other) {
    return one.checkpoints.size() >= other.checkpoints.size() ? one : other;
  }

  /** The checkpoint that took the state; empty where none did. */
  public Optional<RunCheckpoint> last() {
    return checkpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoints.get(checkpoints.size() - 1));
  }

  /** Whether the state has everything that a checkpoint had. */
  public boolean holds(RunCheckpoint checkpoint) {
    return checkpoints.stream()
        .anyMatch(
            one -> one.generation().equals(checkpoint.generation()) && one.id() >= checkpoint.id());
  }
}
