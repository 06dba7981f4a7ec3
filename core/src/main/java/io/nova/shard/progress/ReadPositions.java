package io.nova.shard.progress;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * How far each Kafka partition has been read: every event at or below the offset has been decided
 * on, as far as it was for the shards of this subtask. Not thread safe.
 */
public final class ReadPositions {
  /** Nothing was read. */
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

  /** Notes what others have read. */
  public void readAll(Map<Integer, Long> others) {
    others.forEach(this::read);
  }

  /** The greatest offset of a partition, {@link #NONE} for none. */
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
