package io.nova.job.table;

import io.nova.shard.BlockFile;
import java.util.ArrayList;
import java.util.List;

/**
 * The block files of one batch that wait until there are enough of them for a chunk, oldest first.
 *
 * <p>Not thread safe.
 */
final class WaitingFiles {
  /** So many small files are merged whatever their size: each is named by the operator's state. */
  static final int MOST_FILES = 256;

  private static final long NONE_YET = Long.MIN_VALUE;

  private final long batch;
  private final long targetBytes;
  private final List<BlockFile> blockFiles = new ArrayList<>();
  private long sinceMs = NONE_YET;

  /**
   * No files yet.
   *
   * @param targetBytes the size of the files that make a chunk
   */
  WaitingFiles(long batch, long targetBytes) {
    this.batch = batch;
    this.targetBytes = targetBytes;
  }

  /** Adds a file that arrives at this watermark. */
  void add(BlockFile file, long watermarkMs) {
    if (blockFiles.isEmpty()) {
      sinceMs = watermarkMs;
    }
    blockFiles.add(file);
  }

  /** Files that came before the first watermark wait from now on. */
  void noteWatermark(long watermarkMs) {
    if (sinceMs == NONE_YET) {
      sinceMs = watermarkMs;
    }
  }

  /** Whether a block file has waited since this time, or for longer. */
  boolean waitsSince(long ms) {
    return !blockFiles.isEmpty() && sinceMs != NONE_YET && sinceMs <= ms;
  }

  boolean isEmpty() {
    return blockFiles.isEmpty();
  }

  /** Whether the files make a chunk. */
  boolean isFull() {
    return blockFiles.size() >= MOST_FILES || sizeBytes() >= targetBytes;
  }

  private long sizeBytes() {
    return blockFiles.stream().mapToLong(BlockFile::sizeBytes).sum();
  }

  /** Takes the files of one chunk, at most {@link #MOST_FILES}. The others wait from now on. */
  Merge take(long watermarkMs) {
    List<BlockFile> taken = new ArrayList<>();
    long bytes = 0;
    while (!blockFiles.isEmpty() && taken.size() < MOST_FILES && bytes < targetBytes) {
      BlockFile next = blockFiles.remove(0);
      bytes += next.sizeBytes();
      taken.add(next);
    }
    sinceMs = watermarkMs;
    return new Merge(batch, taken);
  }

  /** The files that wait. */
  List<BlockFile> blockFiles() {
    return List.copyOf(blockFiles);
  }

  /**
   * Files that are merged together.
   *
   * @param batch the batch of all their events
   */
  record Merge(long batch, List<BlockFile> blockFiles) {}
}
