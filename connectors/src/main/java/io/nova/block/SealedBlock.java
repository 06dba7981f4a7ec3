package io.nova.block;

import java.util.List;

/**
 * A block that has left memory: no event joins it any more.
 *
 * @param shard whose it is
 * @param interval its interval, counted since 1970
 * @param sequence its place among the shard's sealed blocks, from 1
 * @param rows how many events
 * @param segments their rows, stored, in order
 */
public record SealedBlock(
    int shard, long interval, long sequence, int rows, List<byte[]> segments) {
  public SealedBlock {
    segments = List.copyOf(segments);
  }
}
