package io.nova.job.table;

import io.nova.shard.BlockFile;
import java.io.Serial;
import org.apache.flink.api.common.functions.Partitioner;

/**
 * Sends block files of a batch to one subtask of the chunk operator until they make a chunk, then
 * to the next one. So a table with few events gets few chunks, and with many events every subtask
 * merges.
 *
 * <p>Each sender counts its own bytes. It takes its share of a chunk to be one part in n of the
 * target, for n subtasks. Senders may be of different opinion, and a restart begins anew: then
 * there are more chunks, nothing else.
 *
 * <p>Not thread safe.
 */
public final class ChunkRouting implements Partitioner<BlockFile> {
  @Serial private static final long serialVersionUID = 1;

  private final long targetBytes;
  private long sentBytes;
  private long turn;

  /**
   * The routing of a job.
   *
   * @param targetBytes the size of the block files that make a chunk
   */
  public ChunkRouting(long targetBytes) {
    this.targetBytes = targetBytes;
  }

  @Override
  public int partition(BlockFile file, int subtasks) {
    int subtask = (int) Math.floorMod(file.batchNumber() + turn, (long) subtasks);
    sentBytes += file.sizeBytes();
    if (sentBytes >= targetBytes / subtasks) {
      turn++;
      sentBytes = 0;
    }
    return subtask;
  }
}
