package io.nova.shard.log;

import io.nova.event.identity.FingerprintKey;
import io.nova.event.row.RowOrigin;
import io.nova.shard.fingerprint.Witness;

/**
 * Reads out of a row what would be remembered of it: a segment of such rows need not say it twice.
 * Not thread safe.
 */
public final class WitnessReader {
  private final RowOrigin origin;

  /** Reads rows of a table with this key. */
  public WitnessReader(FingerprintKey key) {
    origin = new RowOrigin(key);
  }

  /**
   * The witness of a row.
   *
   * @param rows an array that holds it
   * @param offset its first byte
   * @throws IllegalStateException where these bytes are no row
   */
  public Witness read(byte[] rows, int offset) {
    origin.read(rows, offset);
    return new Witness(
        origin.payload(), origin.uploadMicros(), origin.partition(), origin.offset());
  }
}
