package io.nova.iceberg;

import io.nova.shard.BlockFile;
import java.util.ArrayList;
import java.util.List;

/**
 * A closed Parquet file with the rows of several files of one batch: block files and small chunks.
 *
 * @param path path of the file
 * @param sizeBytes length of the file
 * @param rows number of events, the sum of the merged files' rows
 * @param batchNumber the batch of all its events
 * @param digest the audit digest of its events, as {@link io.nova.event.audit.AuditDigest} writes
 *     it
 * @param small whether it waits until it is merged with others
 * @param merged the block files that it replaces
 * @param mergedChunks the small chunks that it replaces
 */
public record Chunk(
    String path,
    long sizeBytes,
    long rows,
    long batchNumber,
    String digest,
    boolean small,
    List<BlockFile> merged,
    List<SmallChunk> mergedChunks) {
  public Chunk {
    merged = List.copyOf(merged);
    mergedChunks = List.copyOf(mergedChunks);
    long expected =
        merged.stream().mapToLong(BlockFile::rows).sum()
            + mergedChunks.stream().mapToLong(SmallChunk::rows).sum();
    if (rows != expected) {
      throw new IllegalArgumentException(
          "Chunk %s: %s rows, its files have %s".formatted(path, rows, expected));
    }
    for (BlockFile file : merged) {
      mustBeOf(batchNumber, path, file.path(), file.batchNumber());
    }
    for (SmallChunk file : mergedChunks) {
      mustBeOf(batchNumber, path, file.path(), file.batchNumber());
    }
  }

  private static void mustBeOf(long batch, String path, String merged, long found) {
    if (found != batch) {
      throw new IllegalArgumentException(
          "Chunk %s of batch %s: found file %s of batch %s. A chunk belongs to one batch."
              .formatted(path, batch, merged, found));
    }
  }

  /** The chunk as one that waits to be merged. */
  public Chunk waiting() {
    return new Chunk(path, sizeBytes, rows, batchNumber, digest, true, merged, mergedChunks);
  }

  /** What a later merge has to know of it. */
  public SmallChunk asSmall() {
    return new SmallChunk(path, sizeBytes, rows, batchNumber);
  }

  /**
   * The chunk as one that replaces what a small chunk replaces, in place of the small chunk. For a
   * small chunk that never was in the table.
   */
  public Chunk inPlaceOf(Chunk other) {
    List<BlockFile> files = new ArrayList<>(other.merged);
    files.addAll(merged);
    List<SmallChunk> chunks = new ArrayList<>(other.mergedChunks);
    mergedChunks.stream().filter(one -> !one.equals(other.asSmall())).forEach(chunks::add);
    return new Chunk(path, sizeBytes, rows, batchNumber, digest, small, files, chunks);
  }
}
