package io.nova.judge.record;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Times for messages. */
public final class Times {
  private Times() {}

  /** A time in microseconds since 1970, as ISO-8601 text. */
  public static String text(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
