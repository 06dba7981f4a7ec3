package io.nova.table;

import io.nova.block.BlockFile;
import io.nova.chunk.Chunk;
import io.nova.event.Tally;
import java.util.List;

/**
 * What one checkpoint adds to the table: one link of the commit chain, one Iceberg transaction.
 *
 * @param uuid drawn at the checkpoint; names the state of the table once it is applied
 * @param parent the link before
 * @param generation the run of the job that drew it
 * @param blockFiles appear
 * @param chunks take the place of the block files that they merged, these among them
 * @param sequences of each shard, the last sealed block that the table then holds
 * @param tally what the job had decided at the checkpoint
 */
public record Committable(
    String uuid,
    String parent,
    String generation,
    List<BlockFile> blockFiles,
    List<Chunk> chunks,
    List<Long> sequences,
    Tally tally) {
  public Committable {
    blockFiles = List.copyOf(blockFiles);
    chunks = List.copyOf(chunks);
    sequences = List.copyOf(sequences);
  }
}
