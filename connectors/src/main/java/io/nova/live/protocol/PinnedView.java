package io.nova.live.protocol;

import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import java.util.List;

/**
 * A server's answer to a pin: what its view holds, and the lease under which its rows may be asked
 * for. JSON on the wire.
 *
 * @param version 1
 * @param lease name of the lease
 * @param leaseMillis how long it lasts without a request that names it
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
  public static final int VERSION = 1;

  /**
   * What an open block holds.
   *
   * @param shard whose it is
   * @param interval its interval, counted since 1970
   * @param rows how many events
   * @param bytes what its rows take in memory or in the log
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
