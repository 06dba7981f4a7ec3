package io.nova.kafka;

import io.nova.event.Micros;
import java.util.Arrays;

/**
 * The progress of upload time in a Kafka partition: the greatest that was read. A jump ahead of
 * more than an hour counts only when three events in a row confirm it.
 *
 * <p>So one event with a wrong time moves nothing, even where the timestamps of an old topic do not
 * show the mistake. After a day of silence, the third event continues.
 *
 * <p>Progress may lag, which decides nothing: fingerprints are kept longer and blocks are sealed
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

  /** The upload time reached; {@link Micros#UNKNOWN} before three events were read. */
  public long reachedMicros() {
    return reachedMicros;
  }
}
