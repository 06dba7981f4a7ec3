package io.nova.shard.log;

import io.nova.shard.ShardState.SegmentId;

/**
 * Consecutive rows of a block: of an open one for readers on other threads, or of a sealed one for
 * its block file.
 */
@SuppressWarnings("ArrayRecordComponent") // compared by no one
public sealed interface SegmentView {
  /** The number of rows. */
  int rows();

  /**
   * A full segment.
   *
   * @param stored its stored form ({@link Segment}), not to be changed
   */
  record Full(byte[] stored) implements SegmentView {
    @Override
    public int rows() {
      return Segment.count(stored);
    }
  }

  /**
   * A full segment that is in the log only, which only the task thread can read. After the block is
   * sealed, a segment of a late part may have the same name: the checksum tells them apart.
   *
   * @param id its name in the log of its shard
   * @param rows the number of its rows
   * @param checksum the {@link Segment#checksum} of its bytes
   */
  record Spilled(SegmentId id, int rows, int checksum) implements SegmentView {}

  /**
   * The rows after the last full segment. The block appends to the same array, after these.
   *
   * @param body the plain body of a segment, as {@link Segment} describes it
   * @param length the number of bytes that belong to the view
   * @param rows the number of rows
   */
  record Tail(byte[] body, int length, int rows) implements SegmentView {}
}
