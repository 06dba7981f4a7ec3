package io.nova.iceberg;

import io.nova.shard.BlockFile;
import java.util.List;

/**
 * A Parquet file that holds the rows of several block files of one batch, written and closed.
 *
 * @param path where it lies
 * @param sizeBytes its length
 * @param rows how many events it holds
 * @param batchNumber the batch that all of them belong to
 * @param merged the block files that it takes the place of
 */
public record Chunk(
    String path, long sizeBytes, long rows, long batchNumber, List<BlockFile> merged) {
  public Chunk {
    merged = List.copyOf(merged);
    long expected = merged.stream().mapToLong(BlockFile::rows).sum();
    if (rows != expected) {
      throw new IllegalArgumentException(
          "Chunk %s: %s rows, its block files say %s".formatted(path, rows, expected));
    }
    for (BlockFile file : merged) {
      if (file.batchNumber() != batchNumber) {
        throw new IllegalArgumentException(
            ("Chunk %s of batch %s: found block file %s of batch %s. A chunk belongs to one "
                    + "batch.")
                .formatted(path, batchNumber, file.path(), file.batchNumber()));
      }
    }
  }
}
