package io.nova.kafka;

import io.nova.event.Micros;
import java.util.Arrays;

/**
 * How far a Kafka partition has come in upload time: the greatest that was read, but a jump ahead
 * of more than an hour is believed only when three events in a row bear it out. So one event with a
 * wrong time, which an old topic's timestamps do not give away, moves nothing; and a bus that was
 * silent for a day goes on with the third event after it.
 *
 * <p>It only ever lags, and lagging decides nothing: fingerprints stay longer, blocks are sealed
 * later. Not thread safe.
 */
public final class UploadProgress {
  private static final long JUMP_MICROS = 3_600_000_000L;
  private static final int EVENTS_TO_BELIEVE = 3;

  private final long[] ahead = new long[EVENTS_TO_BELIEVE];
  private int aheadCount;
  private long reachedMicros = Micros.UNKNOWN;

  /** Notes the upload time of the next event, in microseconds since 1970. */
  public void read(long uploadMicros) {
    if (reachedMicros == Micros.UNKNOWN || uploadMicros - reachedMicros > JUMP_MICROS) {
      ahead[aheadCount++] = uploadMicros;
      if (aheadCount == EVENTS_TO_BELIEVE) {
        aheadCount = 0;
        reachedMicros = Arrays.stream(ahead).min().orElseThrow();
      }
    } else {
      aheadCount = 0;
      reachedMicros = Math.max(reachedMicros, uploadMicros);
    }
  }

  /** How far it has come; the least number before three events were read. */
  public long reachedMicros() {
    return reachedMicros;
  }
}
