package io.nova.console.view;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the events are, over upload time. Times with Micros are microseconds since 1970.
 *
 * @param atMillis the moment, in milliseconds since 1970
 * @param sources the sources and whether they answered
 * @param rules what the table was created with; null without a table
 */
public record LayersPicture(
    long atMillis,
    List<Source> sources,
    @Nullable Rules rules,
    Marks marks,
    List<BlockGroup> blocks,
    List<ChunkBar> chunks,
    List<BatchSpan> batches,
    List<Savepoint> savepoints) {
  /** Fixed lengths of the table, in microseconds. */
  public record Rules(long blockMicros, long batchMicros, int shards) {}

  /**
   * Points of upload time; null where they are not known.
   *
   * @param slowestMicros newest upload time of the slowest partition
   * @param fastestMicros newest upload time of the fastest partition
   * @param dedupMicros a copy of an event from before this time is not recognized by the default
   *     dedup window
   * @param latenessMicros an event from before this time is rejected as too late
   * @param horizonMicros the batch layer answers for events from before this time
   */
  public record Marks(
      @Nullable Long slowestMicros,
      @Nullable Long fastestMicros,
      @Nullable Long dedupMicros,
      @Nullable Long latenessMicros,
      @Nullable Long horizonMicros) {}

  /**
   * Blocks of one interval that are in the same place.
   *
   * @param state open, sealed or block_file
   */
  public record BlockGroup(
      long batch, long startMicros, String state, long blocks, long rows, long bytes) {}

  /** A chunk. */
  public record ChunkBar(
      String file, long batch, long rows, long bytes, long fromMicros, long toMicros) {}

  /**
   * A batch.
   *
   * @param state open, closed, completed, removed or withdrawn
   */
  public record BatchSpan(
      String name,
      long batch,
      long fromMicros,
      long toMicros,
      String state,
      @Nullable Long rows,
      @Nullable Long files,
      @Nullable Long bytes) {}

  /**
   * A complete savepoint or retained checkpoint of the working folder.
   *
   * @param kind savepoint or checkpoint
   * @param atMillis when it was completed, by this machine's clock
   */
  public record Savepoint(String name, String kind, long atMillis) {}
}
