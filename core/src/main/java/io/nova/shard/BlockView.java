package io.nova.shard;

import io.nova.shard.log.SegmentView;
import java.util.List;

/**
 * A picture of an open block as it was at one moment: the first so many of its rows. Immutable, and
 * stays readable when the block goes on growing or leaves.
 *
 * @param shard whose it is
 * @param interval its interval, counted since 1970
 * @param rows how many events
 * @param bytes the heap or log bytes that its rows take
 * @param segments its rows, in order
 */
public record BlockView(
    int shard, long interval, long rows, long bytes, List<SegmentView> segments) {
  public BlockView {
    segments = List.copyOf(segments);
  }
}
