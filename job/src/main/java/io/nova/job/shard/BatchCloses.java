package io.nova.job.shard;

import io.nova.event.Micros;
import io.nova.iceberg.commit.HaltPoint;
import io.nova.job.options.NovaSettings;
import io.nova.shard.Shard;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Closes batches in the shards of a subtask, seals their blocks, and then says so for each shard.
 *
 * <p>A close reaches one shard after the other. Blocks are sealed when all shards of the subtask
 * have it, so that an interval gets one file and not one for each shard. They are sealed before the
 * barrier of a checkpoint at the latest.
 *
 * <p>Belongs to the task thread.
 */
final class BatchCloses {
  private final NovaSettings settings;
  private final KeyedShards shards;
  private final int shardsInAll;
  private final BlockEviction eviction;
  private final long completed;
  private final Consumer<SealedUpTo> sealed;
  private final Set<Integer> unsaid = new TreeSet<>();

  /**
   * The closes of a subtask.
   *
   * @param shardsInAll the number of the subtask's shards, also of those that have not begun
   * @param completed the greatest completed batch that the shards know of
   * @param sealed takes the word of a shard, after the shard's files
   */
  BatchCloses(
      NovaSettings settings,
      KeyedShards shards,
      int shardsInAll,
      BlockEviction eviction,
      long completed,
      Consumer<SealedUpTo> sealed) {
    this.settings = settings;
    this.shards = shards;
    this.shardsInAll = shardsInAll;
    this.eviction = eviction;
    this.completed = completed;
    this.sealed = sealed;
  }

  /** Closes the batches up to one in a shard. */
  void closeUpTo(long batch, int number, Shard shard) {
    shard.closeBelow(settings.firstIntervalAfter(batch));
    mustSay(number);
  }

  /** A run of the job begins: a restored shard says again what it has closed. */
  void begin(int number, Shard shard) {
    if (shard.closedBelow() != Micros.UNKNOWN) {
      mustSay(number);
    }
  }

  private void mustSay(int number) {
    unsaid.add(number);
    if (unsaid.size() == shardsInAll) {
      seal();
    }
  }

  /** Seals the blocks of closed batches, and says so for each shard that has not said it. */
  void seal() {
    if (unsaid.isEmpty()) {
      return;
    }
    eviction.sealClosed();
    HaltPoint.SEAL.reached();
    for (int number : unsaid) {
      long closedBelow = shards.with(number, Shard::closedBelow);
      sealed.accept(new SealedUpTo(number, settings.batchOf(closedBelow) - 1, completed));
    }
    unsaid.clear();
  }
}
