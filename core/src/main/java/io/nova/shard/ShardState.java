package io.nova.shard;

import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of one shard: its log, the fingerprints of its sealed blocks, the number of
 * these by interval, and one small record.
 *
 * <p>Calls come from one thread. A write is durable with the next checkpoint.
 */
public interface ShardState {
  /** Writes a segment of the log, in place of an older one with the same number. */
  void putSegment(SegmentId id, byte[] stored);

  /** A segment of the log; null where there is none. */
  byte @Nullable [] segment(SegmentId id);

  /** Removes a segment of the log. */
  void removeSegment(SegmentId id);

  /** Passes all segments of the log to a consumer, in no order. */
  void segments(BiConsumer<SegmentId, byte[]> consumer);

  /**
   * Writes a page of the packed fingerprints of a sealed interval. A TTL may remove it after days.
   */
  void putCold(PageId id, byte[] packed);

  /** A page of packed fingerprints; null where there is none, or where the TTL removed it. */
  byte @Nullable [] cold(PageId id);

  /** Removes a page of packed fingerprints. */
  void removeCold(PageId id);

  /** Writes the number of fingerprints of a sealed interval. No TTL removes it; a shard does. */
  void putColdCount(long interval, int count);

  /** The number of fingerprints of each sealed interval. */
  Map<Long, Integer> coldCounts();

  /** Removes the number of an interval's fingerprints. */
  void removeColdCount(long interval);

  /** Writes the record of the shard. */
  void putHeader(byte[] header);

  /** The record of the shard; null where none was written. */
  byte @Nullable [] header();

  /**
   * The name of a segment.
   *
   * @param interval the block's interval, counted since 1970
   * @param number its position in the block, from 0
   */
  record SegmentId(long interval, int number) {}

  /**
   * The name of a page of fingerprints.
   *
   * @param interval the interval of the sealed blocks, counted since 1970
   * @param page its number, from 0
   */
  record PageId(long interval, int page) {}
}
