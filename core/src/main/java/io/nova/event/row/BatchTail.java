package io.nova.event.row;

import java.io.Serial;
import java.io.Serializable;
import java.time.Duration;

/**
 * The end of each batch: its block intervals that the dedup window of an event after the batch
 * reaches. Rows in it are stored with their fingerprints. A job that is restored to before the end
 * of the batch learns from them which events the batch layer has.
 */
public final class BatchTail implements Serializable {
  @Serial private static final long serialVersionUID = 1;

  private final long intervalMicros;
  private final long batchMicros;
  private final long windowMicros;

  /**
   * The end of batches of one length.
   *
   * @param largestWindow the largest dedup window of any event
   */
  public BatchTail(Duration blockInterval, Duration batchLength, Duration largestWindow) {
    this.intervalMicros = micros(blockInterval);
    this.batchMicros = micros(batchLength);
    this.windowMicros = -Math.floorDiv(-micros(largestWindow), intervalMicros) * intervalMicros;
  }

  private static long micros(Duration duration) {
    return duration.toNanos() / 1000;
  }

  /**
   * Whether a row of this upload time, in microseconds since 1970, is stored with its fingerprint.
   */
  public boolean has(long uploadMicros) {
    return uploadMicros >= fromMicros(batchOf(uploadMicros));
  }

  /** The number of the batch that contains an upload time, in microseconds since 1970. */
  public long batchOf(long uploadMicros) {
    return Math.floorDiv(uploadMicros, batchMicros);
  }

  /** The first upload time after a batch, microseconds since 1970. */
  public long endMicros(long batch) {
    return (batch + 1) * batchMicros;
  }

  /** The first upload time in the end of a batch, microseconds since 1970. */
  public long fromMicros(long batch) {
    return Math.max(batch * batchMicros, (batch + 1) * batchMicros - windowMicros);
  }
}
