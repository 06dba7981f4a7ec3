package io.nova.job.table;

import io.nova.iceberg.Chunk;
import io.nova.job.metrics.TallyReport;
import io.nova.shard.BlockFile;
import org.jspecify.annotations.Nullable;

/** What the committer hears: a block file, a chunk, or what a subtask has counted. A Flink POJO. */
public final class TableChange {
  /** A block file that is to appear. */
  public @Nullable BlockFile blockFile;

  /** A chunk that is to take the place of block files. */
  public @Nullable Chunk chunk;

  /** The tally of one subtask at the checkpoint that follows. */
  public @Nullable TallyReport tally;

  /** The run of the job, before all else. */
  public @Nullable String generation;

  public TableChange() {}

  public static TableChange ofGeneration(String generation) {
    TableChange change = new TableChange();
    change.generation = generation;
    return change;
  }

  public static TableChange of(BlockFile file) {
    TableChange change = new TableChange();
    change.blockFile = file;
    return change;
  }

  public static TableChange of(Chunk chunk) {
    TableChange change = new TableChange();
    change.chunk = chunk;
    return change;
  }

  public static TableChange of(TallyReport tally) {
    TableChange change = new TableChange();
    change.tally = tally;
    return change;
  }
}
