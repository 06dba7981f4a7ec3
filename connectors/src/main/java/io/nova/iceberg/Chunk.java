package io.nova.iceberg;

import io.nova.shard.BlockFile;
import java.util.List;

/**
 * A closed Parquet file with the rows of several block files of one batch.
 *
 * @param path path of the file
 * @param sizeBytes length of the file
 * @param rows number of events, the sum of the merged files' rows
 * @param batchNumber the batch of all its events
 * @param digest the audit digest of its events, as {@link io.nova.event.audit.AuditDigest} writes
 *     it
 * @param merged the block files that it replaces
 */
public record Chunk(
    String path,
    long sizeBytes,
    long rows,
    long batchNumber,
    String digest,
    List<BlockFile> merged) {
  public Chunk {
    merged = List.copyOf(merged);
    long expected = merged.stream().mapToLong(BlockFile::rows).sum();
    if (rows != expected) {
      throw new IllegalArgumentException(
          "Chunk %s: %s rows, its block files have %s".formatted(path, rows, expected));
    }
    for (BlockFile file : merged) {
      if (file.batchNumber() != batchNumber) {
        throw new IllegalArgumentException(
            "Chunk %s of batch %s: found block file %s of batch %s. A chunk belongs to one batch."
                .formatted(path, batchNumber, file.path(), file.batchNumber()));
      }
    }
  }
}
