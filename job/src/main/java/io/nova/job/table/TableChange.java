package io.nova.job.table;

import io.nova.iceberg.Chunk;
import io.nova.job.metrics.TallyReport;
import io.nova.shard.BlockFile;
import org.jspecify.annotations.Nullable;

/**
 * One input of the table committer: a block file, a chunk, a tally or the generation of the run.
 * Exactly one field is set. A Flink POJO.
 */
public final class TableChange {
  /** A block file to add. */
  public @Nullable BlockFile blockFile;

  /** A chunk that replaces block files. */
  public @Nullable Chunk chunk;

  /** The tally of one subtask at the next checkpoint. */
  public @Nullable TallyReport tally;

  /** The generation of the run, sent before everything else. */
  public @Nullable String generation;

  /** For Flink. */
  public TableChange() {}

  /** The generation of the run. */
  public static TableChange ofGeneration(String generation) {
    TableChange change = new TableChange();
    change.generation = generation;
    return change;
  }

  /** A block file to add. */
  public static TableChange of(BlockFile file) {
    TableChange change = new TableChange();
    change.blockFile = file;
    return change;
  }

  /** A chunk that replaces block files. */
  public static TableChange of(Chunk chunk) {
    TableChange change = new TableChange();
    change.chunk = chunk;
    return change;
  }

  /** The tally of one subtask. */
  public static TableChange of(TallyReport tally) {
    TableChange change = new TableChange();
    change.tally = tally;
    return change;
  }
}
