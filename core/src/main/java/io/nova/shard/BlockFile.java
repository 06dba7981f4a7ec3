package io.nova.shard;

import java.util.List;

/**
 * A complete file of the sealed blocks of one subtask and one interval.
 *
 * @param path its path or URI
 * @param sizeBytes its length in bytes
 * @param rows the number of its events
 * @param batchNumber the batch that all of them belong to
 * @param uploadFromMicros the least upload time, microseconds since 1970
 * @param uploadToMicros one microsecond after the greatest upload time
 * @param blocks the sealed blocks in it
 */
public record BlockFile(
    String path,
    long sizeBytes,
    long rows,
    long batchNumber,
    long uploadFromMicros,
    long uploadToMicros,
    List<Block> blocks) {
  /**
   * One sealed block of the file.
   *
   * @param shard number of its shard
   * @param sequence its number among the shard's sealed blocks
   * @param rows the number of its events
   */
  public record Block(int shard, long sequence, long rows) {}

  public BlockFile {
    blocks = List.copyOf(blocks);
    long inBlocks = blocks.stream().mapToLong(Block::rows).sum();
    if (rows != inBlocks || rows == 0) {
      throw new IllegalArgumentException(
          "Block file %s: %s rows, its blocks say %s".formatted(path, rows, inBlocks));
    }
  }
}
