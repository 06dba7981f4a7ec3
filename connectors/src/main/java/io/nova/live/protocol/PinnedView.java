package io.nova.live.protocol;

import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import java.util.List;

/**
 * A server's answer to a pin: a description of the pinned view, and the lease under which a client
 * may read its rows. JSON on the wire.
 *
 * @param version 1
 * @param lease name of the lease
 * @param leaseMillis time after which an unused lease ends, in milliseconds
 * @param generation the run of the job
 * @param shards as {@link SubtaskView#shards()}
 * @param open the open blocks
 * @param sealed as {@link SubtaskView#sealed()}
 * @param newest as {@link SubtaskView#newest()}
 * @param behind as {@link SubtaskView#behind()}
 * @param checkpointed as {@link SubtaskView#checkpointed()}
 */
public record PinnedView(
    int version,
    String lease,
    long leaseMillis,
    String generation,
    List<ShardEnd> shards,
    List<OpenBlock> open,
    List<BlockFile> sealed,
    List<Newest> newest,
    List<Behind> behind,
    Checkpointed checkpointed) {
  /** The only version. */
  public static final int VERSION = 1;

  /**
   * The size of an open block.
   *
   * @param shard number of its shard
   * @param interval number of its interval since 1970
   * @param rows number of events
   * @param bytes size of its rows in memory or in the log
   */
  public record OpenBlock(int shard, long interval, long rows, long bytes) {}

  public PinnedView {
    if (version != VERSION) {
      throw new IllegalArgumentException(
          "Live view: version %s found, %s expected".formatted(version, VERSION));
    }
    shards = List.copyOf(shards);
    open = List.copyOf(open);
    sealed = List.copyOf(sealed);
    newest = List.copyOf(newest);
    behind = List.copyOf(behind);
  }
}
