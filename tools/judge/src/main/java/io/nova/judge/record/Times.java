package io.nova.judge.record;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Microseconds since 1970 in front of a reader. */
public final class Times {
  private Times() {}

  public static String text(long micros) {
    return Instant.EPOCH.plus(micros, ChronoUnit.MICROS).toString();
  }
}
