package io.nova.console.view;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state of the job at one moment, as the view Now shows it. Null stands for what a source that
 * failed would have said.
 *
 * @param atMillis the moment, in milliseconds since 1970
 * @param sentence the state in one sentence
 * @param pending records of the topic that the job has not read
 */
public record NowPicture(
    long atMillis,
    Level level,
    String sentence,
    List<Source> sources,
    List<ProcessLine> processes,
    @Nullable JobLine job,
    @Nullable Counts counts,
    @Nullable Long pending,
    @Nullable CheckpointLine checkpoint,
    @Nullable Memory memory,
    @Nullable Shards shards,
    List<PartitionLine> partitions,
    List<Alarm> alarms) {
  /** How the job is. */
  public enum Level {
    GOOD,
    WARNING,
    DOWN,
    /** Nothing runs, and nothing should. */
    NOTHING
  }

  /** A process of the working folder. */
  public record ProcessLine(String name, long pid, boolean alive) {}

  /** The job; lastFailure is one line. */
  public record JobLine(String id, String state, int restarts, @Nullable String lastFailure) {}

  /**
   * The closed sum: received = admitted + duplicates + rejected + undecided.
   *
   * @param undecided messages between source and shard; not 0 while the job works
   */
  public record Counts(
      long received,
      long admitted,
      long duplicates,
      long rejected,
      Map<String, Long> reasons,
      long undecided,
      long openBlocks,
      long blockFiles,
      long chunks,
      @Nullable Long frontierMicros) {}

  /** The last completed checkpoint. */
  public record CheckpointLine(long id, long ageMillis, long durationMillis, long stateBytes) {}

  /** Memory of blocks and fingerprints over all subtasks; pressure is 0 to 3. */
  public record Memory(long usedBytes, long budgetBytes, int pressure) {}

  /** What the shards that answer hold. */
  public record Shards(
      long answering, long liveRows, long liveBytes, long sealedBlocks, List<String> gaps) {}

  /** The newest times of a Kafka partition, in microseconds since 1970. */
  public record PartitionLine(
      int partition,
      @Nullable Long newestUploadMicros,
      @Nullable Long newestEventMicros,
      @Nullable Long behindMillis) {}

  static NowPicture nothing(
      Instant now, String sentence, List<Source> sources, List<ProcessLine> processes) {
    return new NowPicture(
        now.toEpochMilli(),
        Level.NOTHING,
        sentence,
        sources,
        processes,
        null,
        null,
        null,
        null,
        null,
        null,
        List.of(),
        List.of());
  }
}
