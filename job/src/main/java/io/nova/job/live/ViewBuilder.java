package io.nova.job.live;

import io.nova.iceberg.commit.LinkSummary;
import io.nova.live.protocol.SubtaskView;
import io.nova.live.protocol.SubtaskView.Behind;
import io.nova.live.protocol.SubtaskView.Checkpointed;
import io.nova.live.protocol.SubtaskView.Newest;
import io.nova.live.protocol.SubtaskView.ShardEnd;
import io.nova.shard.BlockFile;
import io.nova.shard.BlockView;
import io.nova.shard.Shard;
import io.nova.shard.progress.NewestTimes;
import io.nova.shard.progress.ReadPositions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Builds the live view of a subtask: its open blocks, and the files of sealed blocks that are not
 * yet in the table.
 *
 * <p>The blocks that were sealed when the run began are left to the table: the committer applies
 * them from its own state. Not thread safe; belongs to the task thread.
 */
final class ViewBuilder {
  private final List<Integer> shardNumbers;
  private final Map<Integer, Shard> shards;
  private final ReadPositions readTo;
  private final Map<Integer, Long> sealedAtStart = new HashMap<>();
  private final List<BlockFile> sealed = new ArrayList<>();
  private @Nullable LinkSummary table;

  /**
   * A builder for a subtask whose run begins.
   *
   * @param shardNumbers all shards of its key groups
   * @param shards the restored shards; the operator adds others later
   * @param readTo the positions that the subtask has read; the operator advances them
   */
  ViewBuilder(List<Integer> shardNumbers, Map<Integer, Shard> shards, ReadPositions readTo) {
    this.shardNumbers = shardNumbers;
    this.shards = shards;
    this.readTo = readTo;
    shards.forEach((number, shard) -> sealedAtStart.put(number, shard.sequence()));
  }

  /** Adds a file of blocks that were just sealed. */
  void addSealed(BlockFile file) {
    sealed.add(file);
  }

  /** Sets the newest snapshot of this run and drops the files that it contains; null for none. */
  void seeTable(@Nullable LinkSummary newest) {
    table = newest;
    sealed.removeIf(this::isInTable);
  }

  /** The snapshot that the view was last compared with; null for none. */
  @Nullable LinkSummary table() {
    return table;
  }

  /** Whether some sealed file is not yet in the table. */
  boolean waitsForTable() {
    return !sealed.isEmpty();
  }

  private boolean isInTable(BlockFile file) {
    return file.blocks().stream().allMatch(block -> block.sequence() <= inTable(block.shard()));
  }

  private long inTable(int shard) {
    long atStart = sealedAtStart.getOrDefault(shard, 0L);
    return table == null ? atStart : Math.max(atStart, table.sequence(shard));
  }

  /**
   * Builds the view as of now.
   *
   * @param behind the partitions that this run has not read as far as an earlier one has shown them
   */
  SubtaskView view(String generation, List<Behind> behind, Checkpointed checkpointed) {
    List<BlockView> open = new ArrayList<>();
    List<Newest> newest = new ArrayList<>();
    shards.forEach(
        (number, shard) -> {
          open.addAll(shard.openViews());
          for (NewestTimes.Newest times : shard.newest().entries()) {
            newest.add(
                new Newest(number, times.partition(), times.uploadMicros(), times.eventMicros()));
          }
        });
    return new SubtaskView(
        generation, ends(), open, sealed, newest, readTo.asMap(), behind, checkpointed);
  }

  /** The end of each shard's sealed blocks. */
  List<ShardEnd> ends() {
    return shardNumbers.stream().map(this::end).toList();
  }

  private ShardEnd end(int number) {
    long sequence = Optional.ofNullable(shards.get(number)).map(Shard::sequence).orElse(0L);
    return new ShardEnd(number, Math.min(inTable(number), sequence), sequence);
  }
}
