package io.nova.block;

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

  /** Writes the packed fingerprints of a sealed interval. May forget them after days. */
  void putCold(long interval, byte[] packed);

  /** The packed fingerprints of a sealed interval; null where there are none, or none any more. */
  byte @Nullable [] cold(long interval);

  /** Writes how many fingerprints a sealed interval has. Never forgets. */
  void putColdCount(long interval, int count);

  /** How many fingerprints each sealed interval has. */
  Map<Long, Integer> coldCounts();

  /** Drops what is kept of a sealed interval. */
  void removeCold(long interval);

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
}
