package io.nova.iceberg.commit;

import io.nova.event.Tally;
import io.nova.iceberg.Chunk;
import io.nova.shard.BlockFile;
import java.util.List;

/**
 * One link of the commit chain: the change of the table at one checkpoint, applied as one Iceberg
 * transaction.
 *
 * @param uuid random id; names the content of the table after the link
 * @param parent UUID of the link before it
 * @param generation the run of the job that made it
 * @param blockFiles block files to add
 * @param chunks chunks to add; each replaces the block files that it merged, possibly of this link
 * @param sequences by shard, the sequence of the last sealed block in the table after the link
 * @param tally the job's decisions up to the checkpoint
 * @param totals the files that the chain has added, this link included
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
   * The number of files that a chain has added since the table was created.
   *
   * @param blockFiles number of block files
   * @param chunks number of chunks
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
