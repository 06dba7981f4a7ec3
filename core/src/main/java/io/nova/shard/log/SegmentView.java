package io.nova.shard.log;

import io.nova.shard.ShardState.SegmentId;

/**
 * Some consecutive rows of a block: of an open one, as a reader on another thread may have them, or
 * of a sealed one, on their way to its file.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by no one
public sealed interface SegmentView {
  /** How many rows these are. */
  int rows();

  /**
   * A full segment.
   *
   * @param stored as {@link Segment} stores it, not to be changed
   */
  record Full(byte[] stored) implements SegmentView {
    @Override
    public int rows() {
      return Segment.count(stored);
    }
  }

  /**
   * A full segment whose bytes are in the log only, which the task thread alone can read. A late
   * part of the block may take its name in the log when the block has left: the checksum tells.
   *
   * @param id its name in the log of its shard
   * @param rows how many rows it holds
   * @param checksum as {@link Segment#checksum} gives it for its bytes
   */
  record Spilled(SegmentId id, int rows, int checksum) implements SegmentView {}

  /**
   * The rows behind the last full segment. The block goes on writing into the array, behind these.
   *
   * @param body the plain body of a segment, as {@link Segment} describes it
   * @param length bytes of the body that belong to the view
   * @param rows how many rows these are
   */
  record Tail(byte[] body, int length, int rows) implements SegmentView {}
}
