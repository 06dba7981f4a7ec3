package io.nova.live.protocol;

import io.nova.shard.BlockFile;
import io.nova.shard.BlockView;
import io.nova.shard.progress.Ancestry;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a subtask holds that the table may lack, at one moment. Immutable: the task thread publishes
 * a new one through one volatile field, and server threads read it.
 *
 * @param generation the run of the job
 * @param shards all shards of the subtask's key groups, those without events among them
 * @param open its open blocks
 * @param sealed files of sealed blocks which the subtask has not yet seen in the table, in a
 *     snapshot of its generation, oldest first. A file is complete before it is named here, and
 *     enters the table as a whole
 * @param newest how far admitted events have come, by shard and partition
 * @param readTo for each Kafka partition, the greatest offset whose event is in the view or was
 *     decided on before it
 * @param behind partitions of which answers have been given, by an earlier run, beyond what this
 *     run has read: until it is empty, answers could be smaller than earlier ones
 * @param checkpointed what a failure cannot take back
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
   * Where the sealed blocks of a shard end. Every sealed block up to {@code held} is in the table,
   * or will be when the committer has applied what it restored; those behind it, up to {@code
   * sealed}, are in {@link SubtaskView#sealed}.
   *
   * @param shard its number
   * @param held sequence of the last sealed block that the view leaves to the table
   * @param sealed sequence of its last sealed block
   */
  public record ShardEnd(int shard, long held, long sealed) {
    public ShardEnd {
      if (held < 0 || sealed < held) {
        throw new IllegalArgumentException(
            "Shard %s: sealed to %s, held by the table to %s".formatted(shard, sealed, held));
      }
    }
  }

  /**
   * The newest times among the admitted events of a shard that came from one partition.
   *
   * @param shard its number
   * @param partition Kafka partition
   * @param uploadMicros greatest upload time, microseconds since 1970
   * @param eventMicros greatest event time, microseconds since 1970; {@link Long#MIN_VALUE} where
   *     none had one
   */
  public record Newest(int shard, int partition, long uploadMicros, long eventMicros) {}

  /**
   * How far a partition must be read before answers may be given again.
   *
   * @param partition Kafka partition
   * @param readTo greatest offset read in this run, -1 for none
   * @param servedTo greatest offset that an answer has shown
   */
  public record Behind(int partition, long readTo, long servedTo) {}

  /**
   * What the last completed checkpoint holds that the subtask has heard of: of each partition the
   * events up to an offset, of each shard the blocks up to a sequence. A partition is missing where
   * the subtask never heard of it; a shard, where it has sealed nothing.
   *
   * @param id Flink's number of it, 0 for the one that the run began with
   * @param readTo for each Kafka partition, the greatest offset decided on before it
   * @param sealed for each shard, the sequence of the last block sealed before it
   * @param ancestry the checkpoints that it goes back to, it last; empty for shards without events
   *     that no checkpoint of this run has taken yet
   */
  public record Checkpointed(
      long id, Map<Integer, Long> readTo, Map<Integer, Long> sealed, Ancestry ancestry) {
    /** What a job begins with that was not restored. */
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
