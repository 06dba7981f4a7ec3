package io.nova.job.shard;

import java.io.Serial;
import java.io.Serializable;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * One key for each shard, which Flink assigns to the key group of the same number. Shard numbers as
 * keys would skew over the key groups, since Flink hashes keys.
 */
public final class ShardKeys implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private final int[] keys;

  public ShardKeys(int shards) {
    keys = new int[shards];
    boolean[] found = new boolean[shards];
    int missing = shards;
    for (int key = 0; missing > 0; key++) {
      int group = KeyGroupRangeAssignment.assignToKeyGroup(key, shards);
      if (!found[group]) {
        found[group] = true;
        keys[group] = key;
        missing--;
      }
    }
  }

  /** The key of a shard. */
  public int keyOf(int shard) {
    return keys[shard];
  }

  /** The shard of a key. */
  int shardOf(int key) {
    return KeyGroupRangeAssignment.assignToKeyGroup(key, keys.length);
  }
}
