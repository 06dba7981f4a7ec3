package io.nova.shard;

import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one shard keeps durably: its log, the fingerprints of its sealed blocks, an index of these,
 * and one small record of its own.
 *
 * <p>Calls come from one thread. A write is durable with the next checkpoint.
 */
public interface ShardState {
  /** Writes a segment of the log, in place of an older one with the same number. */
  void putSegment(SegmentId id, byte[] stored);

  /** A segment of the log; null where there is none. */
  byte @Nullable [] segment(SegmentId id);

  /** Drops a segment of the log. */
  void removeSegment(SegmentId id);

  /** Hands out all segments of the log, in no order. */
  void segments(BiConsumer<SegmentId, byte[]> consumer);

  /** Writes a page of the packed fingerprints of a sealed interval. May forget it after days. */
  void putCold(PageId id, byte[] packed);

  /** A page of packed fingerprints; null where there is none, or none any more. */
  byte @Nullable [] cold(PageId id);

  /** Drops a page of packed fingerprints. */
  void removeCold(PageId id);

  /** Writes how many fingerprints a sealed interval has. Never forgets. */
  void putColdCount(long interval, int count);

  /** How many fingerprints each sealed interval has. */
  Map<Long, Integer> coldCounts();

  /** Drops the number of an interval's fingerprints. */
  void removeColdCount(long interval);

  /** Writes the shard's own record. */
  void putHeader(byte[] header);

  /** The shard's own record; null where none was written. */
  byte @Nullable [] header();

  /**
   * Names a segment: the interval and its number within the block, from zero.
   *
   * @param interval the block's interval, counted since 1970
   * @param number position in the block
   */
  record SegmentId(long interval, int number) {}

  /**
   * Names a page of fingerprints.
   *
   * @param interval of the sealed blocks, counted since 1970
   * @param page its number, from zero
   */
  record PageId(long interval, int page) {}
}
