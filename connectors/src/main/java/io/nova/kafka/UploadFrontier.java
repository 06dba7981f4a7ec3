package io.nova.kafka;

import io.nova.event.Micros;
import java.util.Arrays;

/**
 * The frontier of a Kafka partition: the greatest upload time that was read. A jump ahead of more
 * than an hour counts only when three events in a row confirm it.
 *
 * <p>It decides only when blocks are sealed, so it may follow a wrong clock ({@link UploadProgress}
 * may not). Blocks that it has passed are sealed by machine time, too. Not thread safe.
 */
public final class UploadFrontier {
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
