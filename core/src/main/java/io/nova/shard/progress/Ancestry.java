package io.nova.shard.progress;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The checkpoints that a state goes back to: of each run of the job on the way to it the last one,
 * oldest first. A run that was never restored from is not among them. It tells, where the job was
 * started from an older savepoint, that what was taken since is not in it.
 *
 * @param checkpoints the newest of them, as many as are kept
 */
public record Ancestry(List<RunCheckpoint> checkpoints) {
  /** Of a state that no checkpoint has taken. */
  public static final Ancestry NONE = new Ancestry(List.of());

  /** Runs that are kept: more than somebody who reads on from run to run can miss. */
  static final int MOST = 64;

  public Ancestry {
    checkpoints = List.copyOf(checkpoints);
  }

  /** Of what a checkpoint takes of a run that began with this state. */
  public Ancestry with(RunCheckpoint taken) {
    List<RunCheckpoint> more = new ArrayList<>(checkpoints);
    more.add(taken);
    return new Ancestry(more.subList(Math.max(0, more.size() - MOST), more.size()));
  }

  /** The one that goes back further: shards without events yet know none. */
  public static Ancestry longer(Ancestry one, Ancestry other) {
    return one.checkpoints.size() >= other.checkpoints.size() ? one : other;
  }

  /** The checkpoint that took the state; empty where none did. */
  public Optional<RunCheckpoint> last() {
    return checkpoints.isEmpty()
        ? Optional.empty()
        : Optional.of(checkpoints.get(checkpoints.size() - 1));
  }

  /** Whether all that a checkpoint held is in the state. */
  public boolean holds(RunCheckpoint checkpoint) {
    return checkpoints.stream()
        .anyMatch(
            one -> one.generation().equals(checkpoint.generation()) && one.id() >= checkpoint.id());
  }
}
