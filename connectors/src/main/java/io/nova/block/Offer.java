package io.nova.block;

import org.jspecify.annotations.Nullable;

/**
 * One event as it is offered to its shard.
 *
 * <p>Changed in place from event to event, so that none is made for each. Not thread safe.
 */
public final class Offer {
  private long high;
  private long low;
  private long uploadMicros;
  private byte[] row = {};
  private int windowBlocks;
  private ConflictRule rule = ConflictRule.KEEP_FIRST;
  private @Nullable Witness witness;

  /**
   * The next event.
   *
   * @param high of its fingerprint
   * @param low of its fingerprint
   * @param uploadMicros microseconds since 1970
   * @param row its bytes; not copied until the call returns, not kept after it
   * @param windowBlocks its dedup window, in blocks
   */
  public Offer of(long high, long low, long uploadMicros, byte[] row, int windowBlocks) {
    this.high = high;
    this.low = low;
    this.uploadMicros = uploadMicros;
    this.row = row;
    this.windowBlocks = windowBlocks;
    this.rule = ConflictRule.KEEP_FIRST;
    this.witness = null;
    return this;
  }

  /** What else is to be remembered of it, and what becomes of it if its payload differs. */
  public Offer witnessed(Witness witness, ConflictRule rule) {
    this.witness = witness;
    this.rule = rule;
    return this;
  }

  long high() {
    return high;
  }

  long low() {
    return low;
  }

  long uploadMicros() {
    return uploadMicros;
  }

  byte[] row() {
    return row;
  }

  int windowBlocks() {
    return windowBlocks;
  }

  ConflictRule rule() {
    return rule;
  }

  @Nullable Witness witness() {
    return witness;
  }
}
