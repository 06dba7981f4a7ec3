package io.nova.live.protocol;

import io.nova.shard.BlockFile;
import io.nova.shard.BlockView;
import io.nova.shard.progress.Ancestry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The live view of a subtask: at one moment, the events that the table may not contain yet.
 * Immutable, so any thread may read it.
 *
 * @param generation the run of the job
 * @param shards all shards of the subtask's key groups, also those without events
 * @param open its open blocks
 * @param sealed files of sealed blocks that the subtask has not yet seen in a snapshot of its
 *     generation, oldest first. Each file is complete, and enters the table as a whole
 * @param newest the newest times of admitted events, by shard and partition
 * @param readTo by Kafka partition, the greatest offset that was decided on before the view
 * @param behind the partitions that an earlier run has shown further than this run has read. Until
 *     it is empty, answers may lack rows that earlier answers had
 * @param checkpointed the content of the last completed checkpoint, which no failure undoes
 */
public record SubtaskView(
    String generation,
    List<ShardEnd> shards,
    List<BlockView> open,
    List<BlockFile> sealed,
    List<Newest> newest,
    Map<Integer, Long> readTo,
    List<Behind> behind,
    Checkpointed checkpointed) {
  /**
   * The end of a shard's sealed blocks. Every sealed block up to {@code inTable} is in the table,
   * or will be once the committer has applied its restored links. The blocks after it, up to {@code
   * sealed}, are in {@link SubtaskView#sealed}.
   *
   * @param shard number of the shard
   * @param inTable sequence of the last sealed block that the view leaves to the table
   * @param sealed sequence of the last sealed block
   */
  public record ShardEnd(int shard, long inTable, long sealed) {
    public ShardEnd {
      if (inTable < 0 || sealed < inTable) {
        throw new IllegalArgumentException(
            ("Shard %s: found blocks sealed to %s and in the table to %s, expected 0 <= in table "
                    + "<= sealed")
                .formatted(shard, sealed, inTable));
      }
    }
  }

  /**
   * The newest times among the admitted events of a shard that came from one partition.
   *
   * @param shard number of the shard
   * @param partition Kafka partition
   * @param uploadMicros greatest upload time, microseconds since 1970
   * @param eventMicros greatest event time, microseconds since 1970; {@link
   *     io.nova.event.Micros#UNKNOWN} if no event had one
   */
  public record Newest(int shard, int partition, long uploadMicros, long eventMicros) {}

  /**
   * A partition that must be read further before strict answers are possible again.
   *
   * @param partition Kafka partition
   * @param readTo greatest offset that this run has read, -1 for none
   * @param servedTo greatest offset that an answer of an earlier run has shown
   */
  public record Behind(int partition, long readTo, long servedTo) {}

  /**
   * The content of the last completed checkpoint that the subtask knows of: the events of each
   * partition up to an offset, and the sealed blocks of each shard up to a sequence. Partitions
   * that the subtask does not know and shards without sealed blocks are missing.
   *
   * @param id Flink's number of the checkpoint, 0 for the one that the run was restored from
   * @param readTo by Kafka partition, the greatest offset that was decided on before it
   * @param sealed by shard, the sequence of the last block that was sealed before it
   * @param ancestry the lineage of the checkpoint, itself the last entry; empty for shards without
   *     events before the run's first checkpoint
   */
  public record Checkpointed(
      long id, Map<Integer, Long> readTo, Map<Integer, Long> sealed, Ancestry ancestry) {
    /** The content of a job that was not restored. */
    public static final Checkpointed NOTHING =
        new Checkpointed(0, Map.of(), Map.of(), Ancestry.NONE);

    public Checkpointed {
      readTo = Collections.unmodifiableMap(new TreeMap<>(readTo));
      sealed = Collections.unmodifiableMap(new TreeMap<>(sealed));
    }
  }

  public SubtaskView {
    shards = List.copyOf(shards);
    open = List.copyOf(open);
    sealed = List.copyOf(sealed);
    newest = List.copyOf(newest);
    readTo = Map.copyOf(readTo);
    behind = List.copyOf(behind);
  }
}
