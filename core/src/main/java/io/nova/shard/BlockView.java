package io.nova.shard;

import io.nova.shard.log.SegmentView;
import java.util.List;

/**
 * An immutable picture of an open block: its first n rows. It stays readable while the block grows,
 * and after it is sealed. Any thread may read it.
 *
 * @param shard number of its shard
 * @param interval its interval, counted since 1970
 * @param rows the number of its events
 * @param bytes size of its rows, on the heap or in the log
 * @param segments its rows, in order
 */
public record BlockView(
    int shard, long interval, long rows, long bytes, List<SegmentView> segments) {
  public BlockView {
    segments = List.copyOf(segments);
  }
}
