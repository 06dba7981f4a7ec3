package io.nova.simulation;

import io.nova.iceberg.SmallChunk;
import io.nova.iceberg.commit.CommitterState;
import io.nova.shard.BlockFile;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;

/**
 * A savepoint of a simulated job with a table, and what was true at that moment.
 *
 * @param id its number; a later one is greater
 * @param takenMs when it was taken
 * @param waiting the block files that wait for a merge
 * @param smallChunks the chunks that wait for another merge
 * @param committerState the committer's state as it is stored
 * @param sealed the messages whose blocks are sealed, and those of batches that were left
 * @param closedUpTo the greatest batch whose close was ordered
 * @param leftUpTo the greatest batch that a restore has left to the batch layer
 * @param lineage the ids of the savepoints that led to it, its own at the end
 * @param closings by batch, the closing link of all batches up to it that no earlier entry has
 */
record TableSavepoint(
    int id,
    long takenMs,
    SimulatedJob.Cut cut,
    List<BlockFile> waiting,
    List<SmallChunk> smallChunks,
    String committerState,
    Set<SimulatedMessage> sealed,
    long closedUpTo,
    long leftUpTo,
    List<Integer> lineage,
    NavigableMap<Long, String> closings) {
  CommitterState committer() {
    return CommitterState.read(committerState.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Whether it may be restored. It may if it has each completed batch by the link that the batch
   * layer has read, or is from before that link on its branch.
   */
  boolean fits(BatchLayer layer) {
    return leftUpTo <= layer.completed() && layer.tagged().stream().allMatch(this::fits);
  }

  private boolean fits(BatchLayer.Loaded loaded) {
    Map.Entry<Long, String> closing = closings.ceilingEntry(loaded.tag().batch());
    return closing == null
        ? loaded.tag().lineage().contains(id)
        : closing.getValue().equals(loaded.link());
  }

  /** Whether it has each completed batch by the link that the batch layer has read. */
  boolean hasClosedAll(BatchLayer layer) {
    return fits(layer) && leaves(layer).isEmpty();
  }

  /** The tags of the completed batches that it has not closed. */
  List<SimulatedTag> leaves(BatchLayer layer) {
    return layer.tagged().stream()
        .map(BatchLayer.Loaded::tag)
        .filter(tag -> closings.ceilingEntry(tag.batch()) == null)
        .toList();
  }
}
