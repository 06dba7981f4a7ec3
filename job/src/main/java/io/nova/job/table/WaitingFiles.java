package io.nova.job.table;

import io.nova.iceberg.SmallChunk;
import io.nova.shard.BlockFile;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of one batch that wait until there are enough of them for a chunk, oldest first: block
 * files, and small chunks of block files that had waited too long.
 *
 * <p>Not thread safe.
 */
final class WaitingFiles {
  /** So many small files are merged whatever their size: each is named by the operator's state. */
  static final int MOST_FILES = 256;

  private final long batch;
  private final long targetBytes;
  private final List<BlockFile> blockFiles = new ArrayList<>();
  private final List<SmallChunk> smallChunks = new ArrayList<>();
  private long sinceMs;

  /**
   * No files yet.
   *
   * @param targetBytes the size of the files that make a chunk
   */
  WaitingFiles(long batch, long targetBytes) {
    this.batch = batch;
    this.targetBytes = targetBytes;
  }

  /** Adds a file that arrives at this time, milliseconds since 1970. */
  void add(BlockFile file, long nowMs) {
    if (blockFiles.isEmpty()) {
      sinceMs = nowMs;
    }
    blockFiles.add(file);
  }

  /** Adds a small chunk. It waits for as long as the batch is open. */
  void add(SmallChunk chunk) {
    smallChunks.add(chunk);
  }

  /** Whether a block file has waited since this time, or for longer. */
  boolean waitsSince(long ms) {
    return !blockFiles.isEmpty() && sinceMs <= ms;
  }

  boolean isEmpty() {
    return blockFiles.isEmpty() && smallChunks.isEmpty();
  }

  boolean hasBlockFiles() {
    return !blockFiles.isEmpty();
  }

  /** Whether the files make a chunk. */
  boolean isFull() {
    return blockFiles.size() + smallChunks.size() >= MOST_FILES || sizeBytes() >= targetBytes;
  }

  private long sizeBytes() {
    return all().sizeBytes();
  }

  /**
   * Takes the files of one chunk, at most {@link #MOST_FILES}. Block files that stay wait from now
   * on.
   */
  Merge take(long nowMs) {
    return take(smallChunks, nowMs);
  }

  /** As {@link #take}, without small chunks: a row is not rewritten with every wait. */
  Merge takeBlockFiles(long nowMs) {
    return take(new ArrayList<>(), nowMs);
  }

  private Merge take(List<SmallChunk> chunks, long nowMs) {
    Merge taken = new Merge(batch, new ArrayList<>(), new ArrayList<>());
    long bytes = 0;
    while (!chunks.isEmpty() && taken.files() < MOST_FILES && bytes < targetBytes) {
      bytes += chunks.get(0).sizeBytes();
      taken.smallChunks.add(chunks.remove(0));
    }
    while (!blockFiles.isEmpty() && taken.files() < MOST_FILES && bytes < targetBytes) {
      bytes += blockFiles.get(0).sizeBytes();
      taken.blockFiles.add(blockFiles.remove(0));
    }
    sinceMs = nowMs;
    return taken;
  }

  /** The files that wait. */
  Merge all() {
    return new Merge(batch, List.copyOf(blockFiles), List.copyOf(smallChunks));
  }

  /**
   * Files that are merged together.
   *
   * @param batch the batch of all their events
   */
  record Merge(long batch, List<BlockFile> blockFiles, List<SmallChunk> smallChunks) {
    private int files() {
      return blockFiles.size() + smallChunks.size();
    }

    /** The size of the files, in bytes. */
    long sizeBytes() {
      return blockFiles.stream().mapToLong(BlockFile::sizeBytes).sum()
          + smallChunks.stream().mapToLong(SmallChunk::sizeBytes).sum();
    }
  }
}
