package io.nova.shard;

import io.nova.shard.fingerprint.Witness;
import org.jspecify.annotations.Nullable;

/**
 * One event as it is offered to its shard. Made anew for each: to change one that lives long would
 * cost more, since G1 has to be told of every young object that an old one is made to name.
 *
 * @param high of its fingerprint
 * @param low of its fingerprint
 * @param uploadMicros microseconds since 1970
 * @param row its bytes; not to be changed until the call returns, not kept after it
 * @param windowBlocks its dedup window, in blocks
 * @param witness what else is to be remembered of it; null for nothing
 * @param rule what becomes of it if its payload differs
 */
@SuppressWarnings("ArrayRecordComponent") // compared by no one
public record Offer(
    long high,
    long low,
    long uploadMicros,
    byte[] row,
    int windowBlocks,
    @Nullable Witness witness,
    ConflictRule rule) {
  /** An event of which nothing more is remembered. */
  public static Offer of(long high, long low, long uploadMicros, byte[] row, int windowBlocks) {
    return new Offer(high, low, uploadMicros, row, windowBlocks, null, ConflictRule.KEEP_FIRST);
  }
}
