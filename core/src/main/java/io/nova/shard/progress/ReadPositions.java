package io.nova.shard.progress;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far each Kafka partition has been read: the shards of this subtask have decided on all their
 * events up to the offset. Not thread safe.
 */
public final class ReadPositions {
  /** The position of a partition of which nothing was read. */
  public static final long NONE = -1;

  private long[] offsets = new long[0];

  /** Notes that a partition has been read up to an offset. */
  public void read(int partition, long offset) {
    if (partition >= offsets.length) {
      int length = offsets.length;
      offsets = Arrays.copyOf(offsets, partition + 1);
      Arrays.fill(offsets, length, offsets.length, NONE);
    }
    offsets[partition] = Math.max(offsets[partition], offset);
  }

  /** Notes the positions of others. */
  public void readAll(Map<Integer, Long> others) {
    others.forEach(this::read);
  }

  /** The greatest offset of a partition; {@link #NONE} where nothing was read. */
  public long of(int partition) {
    return partition < offsets.length ? offsets[partition] : NONE;
  }

  /** A copy, without partitions of which nothing was read. */
  public Map<Integer, Long> asMap() {
    Map<Integer, Long> map = new TreeMap<>();
    for (int partition = 0; partition < offsets.length; partition++) {
      if (offsets[partition] != NONE) {
        map.put(partition, offsets[partition]);
      }
    }
    return map;
  }
}
