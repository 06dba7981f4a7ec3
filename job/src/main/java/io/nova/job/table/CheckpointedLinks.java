package io.nova.job.table;

import io.nova.iceberg.Chunk;
import io.nova.iceberg.commit.CommitterState;
import io.nova.iceberg.commit.Link;
import io.nova.iceberg.lifecycle.NamedByState;
import io.nova.shard.BlockFile;
import java.util.HashSet;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * The links and files that the committer's state names, in the last completed checkpoints and in
 * later ones. The lifecycle of the table keeps them. Belongs to the task thread.
 */
final class CheckpointedLinks {
  /** More than a cluster usually retains ({@code execution.checkpointing.num-retained}). */
  private static final int COMPLETED = 10;

  private final NavigableMap<Long, CommitterState> taken = new TreeMap<>();

  /** Notes the state that a checkpoint takes. */
  void taken(long checkpointId, CommitterState state) {
    taken.put(checkpointId, state);
  }

  /** Notes that a checkpoint is complete; false if it has no state of this run. */
  boolean completed(long checkpointId) {
    while (taken.headMap(checkpointId, true).size() > COMPLETED) {
      taken.pollFirstEntry();
    }
    return taken.floorKey(checkpointId) != null;
  }

  /** What the states name. */
  NamedByState named() {
    Set<String> links = new HashSet<>();
    Set<String> files = new HashSet<>();
    for (CommitterState state : taken.values()) {
      links.add(state.applied());
      for (Link link : state.pending()) {
        links.add(link.uuid());
        link.blockFiles().stream().map(BlockFile::path).forEach(files::add);
        link.chunks().stream().map(Chunk::path).forEach(files::add);
      }
    }
    return new NamedByState(links, files);
  }
}
