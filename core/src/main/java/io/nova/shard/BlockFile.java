package io.nova.shard;

import java.util.List;

/**
 * A file of the sealed blocks of one subtask and one interval, written and closed.
 *
 * @param path where it lies
 * @param sizeBytes its length
 * @param rows how many events it holds
 * @param batchNumber the batch that all of them belong to
 * @param uploadFromMicros no event in it has an earlier upload time
 * @param uploadToMicros every event in it has an earlier upload time
 * @param blocks whose blocks it holds
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
   * One sealed block in the file.
   *
   * @param shard whose it is
   * @param sequence its place among the shard's sealed blocks
   * @param rows how many events
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
