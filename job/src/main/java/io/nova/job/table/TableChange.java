package io.nova.job.table;

import io.nova.iceberg.Chunk;
import io.nova.job.handoff.BatchOrder;
import io.nova.job.metrics.TallyReport;
import io.nova.job.shard.BlockOutput;
import io.nova.job.shard.SealedUpTo;
import io.nova.shard.BlockFile;
import org.jspecify.annotations.Nullable;

/**
 * One input of the table committer: a block file, a chunk, a shard's word that a batch is sealed,
 * an order of the handoff operator, a tally or the generation of the run. Exactly one field is set.
 * A Flink POJO.
 */
public final class TableChange {
  /** A block file to add. */
  public @Nullable BlockFile blockFile;

  /** A chunk that replaces block files. */
  public @Nullable Chunk chunk;

  /** A shard's word that it has sealed batches, sent after their block files. */
  public @Nullable SealedUpTo sealed;

  /** An order of the handoff operator. */
  public @Nullable BatchOrder order;

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

  /** A block file, or a shard's word that batches are sealed. */
  public static TableChange of(BlockOutput output) {
    TableChange change = new TableChange();
    change.blockFile = output.file;
    change.sealed = output.sealed;
    return change;
  }

  /** An order of the handoff operator. */
  public static TableChange of(BatchOrder order) {
    TableChange change = new TableChange();
    change.order = order;
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
