package io.nova.iceberg.commit;

import io.nova.event.Tally;
import io.nova.iceberg.Chunk;
import io.nova.shard.BlockFile;
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
 * @param totals what the chain has added up to this link
 */
public record Link(
    String uuid,
    String parent,
    String generation,
    List<BlockFile> blockFiles,
    List<Chunk> chunks,
    List<Long> sequences,
    Tally tally,
    Totals totals) {
  /**
   * What a chain has added since the table's birth.
   *
   * @param blockFiles how many block files
   * @param chunks how many chunks
   */
  public record Totals(long blockFiles, long chunks) {
    static final Totals NONE = new Totals(0, 0);

    Totals plus(int moreBlockFiles, int moreChunks) {
      return new Totals(blockFiles + moreBlockFiles, chunks + moreChunks);
    }
  }

  public Link {
    blockFiles = List.copyOf(blockFiles);
    chunks = List.copyOf(chunks);
    sequences = List.copyOf(sequences);
  }
}
