package io.nova.shard;

import io.nova.shard.log.Segment;
import io.nova.shard.log.SegmentView;
import java.util.List;

/**
 * A sealed block: no more events are added to it.
 *
 * @param shard number of its shard
 * @param interval its interval, counted since 1970
 * @param sequence its number among the shard's sealed blocks, from 1
 * @param rows the number of its events
 * @param segments their rows, in order; none of them is spilled
 */
public record SealedBlock(
    int shard, long interval, long sequence, int rows, List<SegmentView> segments) {
  public SealedBlock {
    segments = List.copyOf(segments);
  }

  /**
   * Passes its rows to a consumer, in order.
   *
   * @throws IllegalStateException where a segment is not what was written
   */
  public void forEachRow(Segment.RowConsumer consumer) {
    for (SegmentView segment : segments) {
      if (segment instanceof SegmentView.Full full) {
        Segment.read(full.stored(), consumer);
      } else if (segment instanceof SegmentView.Tail tail) {
        Segment.read(tail, consumer);
      } else {
        throw new IllegalStateException(
            "Shard %s: block %s was sealed with a segment in the log only"
                .formatted(shard, interval));
      }
    }
  }
}
