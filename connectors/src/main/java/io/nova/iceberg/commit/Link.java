package io.nova.iceberg.commit;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import io.nova.event.Tally;
import io.nova.handoff.AuditFigures;
import io.nova.iceberg.Chunk;
import io.nova.shard.BlockFile;
import io.nova.shard.progress.Ancestry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One link of the commit chain: the change of the table at one checkpoint, applied as one Iceberg
 * transaction.
 *
 * @param uuid random id; names the content of the table after the link
 * @param parent UUID of the link before it
 * @param generation the run of the job that made it
 * @param blockFiles block files to add
 * @param chunks chunks to add; each replaces the block files that it merged, possibly of this link,
 *     and small chunks of earlier links
 * @param sequences by shard, the sequence of the last sealed block in the table after the link
 * @param tally the job's decisions up to the checkpoint
 * @param totals the files that the chain has added, this link included
 * @param closes the close that this link completes; null for every other link
 * @param offsets of a closing link: by partition, the offset after the last record read
 * @param audit of a closing link: by batch that it closes, its rows and their audit digest; absent
 *     for a batch without rows
 * @param lineage of a closing link: the checkpoints that it descends from
 */
public record Link(
    String uuid,
    String parent,
    String generation,
    List<BlockFile> blockFiles,
    List<Chunk> chunks,
    @JsonSerialize(converter = Sequences.ToText.class)
        @JsonDeserialize(converter = Sequences.OfText.class)
        List<Long> sequences,
    Tally tally,
    Totals totals,
    @Nullable CloseOrder closes,
    Map<Integer, Long> offsets,
    Map<Long, AuditFigures> audit,
    Ancestry lineage) {
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
    offsets = Collections.unmodifiableMap(new TreeMap<>(offsets));
    audit = Collections.unmodifiableMap(new TreeMap<>(audit));
  }

  /**
   * The link without the files of batches up to a number. Such files were removed from the table: a
   * chunk could not replace them, and a block file would bring rows back.
   */
  Link above(long deleted) {
    return new Link(
        uuid,
        parent,
        generation,
        blockFiles.stream().filter(file -> file.batchNumber() > deleted).toList(),
        chunks.stream().filter(chunk -> chunk.batchNumber() > deleted).toList(),
        sequences,
        tally,
        totals,
        closes,
        offsets,
        audit,
        lineage);
  }
}
